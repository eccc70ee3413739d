"""Money: whole minor units with their currency, so that nothing is rounded and nothing mixed."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from studio.selling.errors import MoneyError

_NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_HUNDREDTHS = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN "
    "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
)
MINOR_DIGITS = {
    **dict.fromkeys(_HUNDREDTHS.split(), 2),
    **dict.fromkeys(_NO_MINOR_UNIT.split(), 0),
    **dict.fromkeys(_THOUSANDTHS.split(), 3),
}
"""Currency (ISO 4217) -> digits after the point."""
MOST_MINOR_UNITS = 10**15


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents, fils; whole yen) of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse a currency that nobody knows.

        Raises:
            MoneyError: it is none of ISO 4217's, or the amount is out of all range.
        """
        digits_of(self.currency)
        if abs(self.minor) > MOST_MINOR_UNITS:
            raise MoneyError("That is more money than can be counted here. Check the amount.")

    @staticmethod
    def parse(text: str, currency: str) -> "Money":
        """Read a typed amount such as "49.90"; a comma may stand for the point.

        Raises:
            MoneyError: it is no amount, or finer than the currency's smallest unit.
        """
        return _parsed(text, currency)

    def __str__(self) -> str:
        """The amount as shops' files write it, without the currency: "49.90", "1200", "1.250"."""
        digits = digits_of(self.currency)
        whole, rest = divmod(abs(self.minor), 10**digits)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"

    def __add__(self, other: "Money") -> "Money":
        """The sum of two amounts of one currency.

        Raises:
            MoneyError: they are of different currencies.
        """
        if other.currency != self.currency:
            raise MoneyError(
                f"{self.currency} and {other.currency} can't be summed. Look at them apart."
            )
        return Money(self.minor + other.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        """So many times the amount."""
        return Money(self.minor * count, self.currency)


@lru_cache(2_000)
def _parsed(text: str, currency: str) -> Money:
    """See `Money.parse`; the lines of a file have few prices, and many of each."""
    digits = digits_of(currency)
    try:
        amount = Decimal(text.strip().replace(",", "."))
        if not amount.is_finite() or abs(amount.adjusted()) > 30:
            raise InvalidOperation
    except InvalidOperation:
        raise MoneyError(f"Type an amount such as 49.90, not {text[:40]!r}.") from None
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise MoneyError(
            f"{currency} has {digits} digits after the point; {text.strip()[:40]} has more."
        )
    return Money(int(minor), currency)


def digits_of(currency: str) -> int:
    """How many digits a currency has after the point.

    Raises:
        MoneyError: there is no such currency.
    """
    if currency not in MINOR_DIGITS:
        raise MoneyError(
            f"{currency[:10]!r} is no currency that is known. Use a code of three letters such as "
            "EUR, USD or CNY."
        )
    return MINOR_DIGITS[currency]
