import pytest

from studio.domain import ProfileError, StoreNameError, UnknownStoreError
from studio.perfusion.profile import FASHION_SCHEMA, STORE_ID, Profile
from studio.services.stores import StoreBook


@pytest.fixture
def book(database) -> StoreBook:
    return StoreBook(database, FASHION_SCHEMA)


def test_a_store_is_kept_with_its_answers(book):
    store = book.add("  Maison   Nord ", {"style": ["minimalist", "office"], "price": 95})

    assert store.name == "Maison Nord"
    assert book.answers(book.get(store.id)) == {"style": ("minimalist", "office"), "price": 95.0}


def test_the_models_know_a_store_by_its_key_and_people_by_its_name(book):
    store = book.add("Maison Nord", {"season": "autumn"})
    before = Profile.from_json(book.profile_text(store.id))

    book.change(store.id, "Maison Sud", {"season": "summer"})
    after = Profile.from_json(book.profile_text(store.id))

    assert before[STORE_ID] == after[STORE_ID] == store.key
    assert (before["season"], after["season"]) == ("autumn", "summer")


def test_one_sample_store_of_each_school_comes_with_the_studio(book):
    book.add_samples()

    styles = [book.answers(store)["style"] for store in book.all()]
    assert sorted(styles) == sorted((style,) for style in FASHION_SCHEMA.field("style").values)
    assert all(store.is_sample for store in book.all())
    for store in book.all():
        assert FASHION_SCHEMA.encode(Profile.from_json(store.profile)).notices == ()


def test_a_removed_sample_store_stays_removed_at_the_next_start(book):
    book.add_samples()
    removed = book.all()[0]
    book.remove(removed.id)

    book.add_samples()

    assert removed.id not in [store.id for store in book.all()]
    assert len(book.all()) == 7


def test_its_identity_is_no_question_and_no_answer(book):
    store = book.add("Maison Nord", {STORE_ID: "somebody else"})

    assert STORE_ID not in [question.name for question in book.questions]
    assert Profile.from_json(book.profile_text(store.id))[STORE_ID] == store.key


def test_designs_for_nobody_have_no_profile(book):
    assert book.profile_text(None) == ""


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be_used_is_told(book, name):
    with pytest.raises(StoreNameError):
        book.add(name, {})

    assert book.all() == ()


@pytest.mark.parametrize(
    "answers", [{"price": "cheap"}, {"season": ["spring", "summer"]}, {"style": {"a": 1}}]
)
def test_an_answer_that_does_not_fit_its_question_is_refused(book, answers):
    with pytest.raises(ProfileError):
        book.add("Maison Nord", answers)


def test_a_refused_change_leaves_the_store_as_it_was(book):
    store = book.add("Maison Nord", {"season": "autumn"})

    with pytest.raises(ProfileError):
        book.change(store.id, "Maison Sud", {"price": "cheap"})

    assert book.get(store.id) == store


def test_a_removed_store_can_be_brought_back(book):
    store = book.add("Maison Nord", {})

    book.remove(store.id)
    assert book.all() == ()
    book.bring_back(store.id)

    assert book.all() == (store,)


def test_an_unknown_store_is_told(book):
    with pytest.raises(UnknownStoreError):
        book.profile_text(99)


@pytest.mark.parametrize("name", ["'; DROP TABLE stores; --", "<b>Nord</b>", "../../etc", "连衣裙"])
def test_any_name_is_only_text(book, name):
    assert book.add(name, {}).name == name
