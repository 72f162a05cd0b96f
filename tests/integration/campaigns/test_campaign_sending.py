from flask import Flask

from tests.factories.campaigns import figures, its_mails, make_campaign, send
from tests.factories.registration import make_category, register_attendee


def test_a_campaign_is_written_once_to_each(app: Flask) -> None:
    category = make_category()
    for name in ("a", "b", "c"):
        register_attendee(category, email=f"{name}@lab.example")
    campaign = make_campaign()
    send(campaign)
    mails = its_mails(campaign)
    assert [mail.recipient for mail in mails] == ["c@lab.example", "b@lab.example", "a@lab.example"]
    print(mails[0].subject, mails[0].text, mails[0].html[:10], figures(campaign))
