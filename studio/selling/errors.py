"""What can go wrong while selling, each a sentence that says what to do."""

from studio.domain import StudioError


class SellingError(StudioError):
    """Something about selling that a person can put right."""


class MoneyError(SellingError):
    """An amount or a currency can't be used, or two currencies would be summed."""


class ListingError(SellingError):
    """What a listing says can't be used, or is not enough to be offered."""


class UnknownListingError(SellingError):
    """There is no such listing."""


class ListingStateError(SellingError):
    """A listing is not in the state that this needs."""


class OrdersFileError(SellingError):
    """A file of orders, returns or traffic can't be read at all."""


class OrderError(SellingError):
    """An order can't be taken as it is."""


class SoldOutError(OrderError):
    """A listing's cap is reached."""


class ProductionError(SellingError):
    """A production order can't be made, sent or received so."""


class FeedError(SellingError):
    """A listing can't be exported for a shop as it is."""


class PanelError(SellingError):
    """A rating can't be begun, or a score can't be kept."""


class PollError(SellingError):
    """A poll can't be made, or a vote can't be counted."""
