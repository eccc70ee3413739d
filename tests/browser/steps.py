"""What a person does again and again, for the tests that are about something else."""

from playwright.sync_api import Page, expect

DESK, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


def type_phrases(page: Page, phrases: str) -> None:
    """Add phrases to the field."""
    page.get_by_label("Add a phrase").fill(phrases + ",")


def generate(page: Page, phrases: str) -> None:
    """Draw a round on the Design tab, and wait for its two designs."""
    page.get_by_role("tab", name="Design").click()
    type_phrases(page, phrases)
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".tiles").get_by_role("checkbox")).to_have_count(2)
    expect(page.get_by_role("checkbox", name="Design 1")).to_be_visible()


def choose_number(page: Page, label: str, value: str) -> None:
    """Type into an option; Gradio sets a slider back that is typed into while it is still new."""
    field = page.get_by_label(f"number input for {label}")
    field.wait_for()
    while True:
        field.fill(value)
        page.wait_for_timeout(500)
        if field.input_value() == value:
            return
