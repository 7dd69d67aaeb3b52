"""The approval page in a real browser: at a phone's width, without JavaScript, and under attack."""

import threading
from urllib.parse import quote

import pytest
import contacts
from approvals import (
    ADDRESS, APPROVE, CODE, CONTINUE, DENY, LEAVE, NUMBER, REASON, SEND, ask_people, new_agent, new_approver)
from browser import Browser
from host_memory import search_bytes


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    browser.hold_as_a_phone()
    yield browser
    browser.end()


@pytest.fixture(scope="module")
def plain_browser(tmp_path_factory):
    """One that runs no script."""
    browser = Browser(tmp_path_factory.mktemp("plain-profile"), javascript=False)
    browser.hold_as_a_phone()
    yield browser
    browser.end()


@pytest.fixture(autouse=True)
def fresh_window(request):
    for name in {"browser", "plain_browser"} & set(request.fixturenames):
        request.getfixturevalue(name).forget()


def _link_from_another_site(browser, url, element="<a id=go href='{}'>go</a>"):
    """A page of nobody's, and on it what leads to `url`."""
    browser.open("data:text/html," + quote(element.format(url)))
    browser.element("go").click()


@pytest.mark.parametrize("kind", ["browser", "plain_browser"])
def test_a_person_approves_less_than_was_asked_for_and_the_waiting_agent_gets_its_token(request, server, kind):
    """From the agent's request to its use of the token, with JavaScript and without."""
    browser, agent, ada = request.getfixturevalue(kind), new_agent(server), new_approver(server)
    asked = agent.ask(scope={"max_amount": 500, "currency": "EUR"}, context={"note": "the rent"}, resource=kind)
    told = {}
    waiting = threading.Thread(target=lambda: told.update(agent.told(asked["id"], "?wait=30")))
    waiting.start()
    ada.prove(browser, asked["approvalUrl"])
    for line in ("action: bank.transfer", 'context "note": "the rent"', "What follows is the agent's claim:"):
        assert line in browser.shown()
    browser.type("max_amount", "50")
    browser.type(REASON, "half of it")
    browser.press(APPROVE)
    browser.wait_for("Approved by you")
    waiting.join(20)
    assert told["status"] == "approved" and told["scope"]["max_amount"] == 50 and told["token"].startswith("otp_")
    assert told["decidedBy"] == f"approver:{ada.id}" and told["token"] not in browser.driver.page_source
    for amount, done in ((51, False), (50, True)):
        used = agent.call("POST", f"/{asked['id']}/use", {"token": told["token"], "actionDetails": {"amount": amount}})
        assert used.json["data"]["success"] is done
    assert browser.complaints() == []


def test_a_person_denies_with_a_reason(plain_browser, server):
    agent, ada = new_agent(server), new_approver(server)
    asked = agent.ask()
    ada.prove(plain_browser, asked["approvalUrl"])
    plain_browser.type(REASON, "not this month")
    plain_browser.press(DENY)
    plain_browser.wait_for("Denied by you")
    told = agent.told(asked["id"])
    assert told["status"] == "denied" and told["reason"] == "not this month" and not told.get("token")


def test_the_page_fits_a_phone(browser, server):
    """Nothing to scroll sideways down to 320 pixels, large targets, labels, and a keyboard that fits what is typed."""
    agent, ada = new_agent(server), new_approver(server)
    long = "x" * 200
    asked = agent.ask(scope={"max_amount": 500}, context={long: long}, resource=long)
    measure = """
        const targets = [...document.querySelectorAll('input:not([type=hidden]),button')]
        return [document.documentElement.scrollWidth - window.innerWidth,
                Math.min(...targets.map((target) => target.getBoundingClientRect().height)),
                Math.min(...targets.map((target) => parseFloat(getComputedStyle(target).fontSize))),
                [...document.querySelectorAll('input:not([type=hidden])')].every((field) => field.labels.length == 1),
                document.documentElement.lang]"""

    def fits():
        overhang, height, size, labelled, language = browser.run(measure)
        assert overhang <= 0 and height >= 44 and size >= 16 and labelled and language == "en"

    browser.hold_as_a_phone(320, 568)
    browser.open(asked["approvalUrl"])
    fits()
    assert browser.element("address").get_attribute("inputmode") == "email"
    browser.type(ADDRESS, ada.address)
    browser.press(SEND)
    browser.wait_for("Enter your code")
    fits()
    fields = browser.driver.find_elements("css selector", "input:not([type=hidden])")
    assert len(fields) == 1 and fields[0].get_attribute("autocomplete") == "one-time-code"
    assert browser.focused() == "code"
    browser.type(CODE, ada.newest_code(1))
    browser.press(CONTINUE)
    browser.wait_for("Allow this?")
    fits()
    browser.hold_as_a_phone()


def test_what_the_agent_writes_is_text(browser, server):
    """Markup and line ends in every place that an agent fills stay text on one line, and nothing of it runs."""
    hostile = "</li></ul><h1>Approved</h1><img src=x onerror=\"document.title='run'\"><script>alert(1)</script>"
    agent, ada = new_agent(server, name="<b>Robot</b>"), new_approver(server)
    asked = agent.ask(scope={hostile: hostile}, context={hostile: hostile, "note": "a\nApproved by the operator"},
                      resource=hostile)
    ada.prove(browser, asked["approvalUrl"])
    assert browser.run("return [document.querySelectorAll('img,script,b').length, document.title, "
                       "document.querySelectorAll('h1').length]") == [0, "Allow this? · Countersign", 1]
    lines = [line.text for line in browser.driver.find_elements("css selector", ".statement li")]
    assert not [line for line in lines if line.startswith("Approved by")]
    assert any(line.startswith("resource: \"</li></ul><h1>Approved</h1>") for line in lines)
    assert browser.complaints() == []


def test_looking_sends_and_decides_nothing(plain_browser, server):
    """Scanners that follow links, with GET and HEAD, at every address of the page."""
    agent, ada = new_agent(server), new_approver(server)
    asked = agent.ask()
    before = len(server.rows("challenge")), len(server.rows("approver_session"))
    with server.client(None) as client:
        for path in ("", "/address", "/code", "/decision", "/leave"):
            for method in ("GET", "HEAD"):
                answer = client.request(
                    method, f"/approve/{asked['id']}{path}?address={ada.address}&decision=approve")
                assert answer.status == (200 if path == "" else 405)
    plain_browser.open(asked["approvalUrl"])
    plain_browser.wait_for("Who are you?")
    assert (len(server.rows("challenge")), len(server.rows("approver_session"))) == before
    assert server.inbox.messages(ada.address) == [] and agent.told(asked["id"])["status"] == "pending"


def test_whether_an_address_is_an_approvers_does_not_show(plain_browser, server):
    agent, ada = new_agent(server), new_approver(server)
    url = agent.ask()["approvalUrl"]
    pages = []
    for address in (ada.address, contacts.address()):
        plain_browser.forget()
        plain_browser.open(url)
        plain_browser.type(ADDRESS, address)
        plain_browser.press(SEND)
        plain_browser.wait_for("Enter your code")
        shown = [plain_browser.shown()]
        for _ in range(3):
            plain_browser.type(CODE, "ZZZZZZZZZ")
            plain_browser.press(CONTINUE)
            plain_browser.wait_for_other_than(shown[-1])
            shown.append(plain_browser.shown())
        pages.append(shown)
    assert pages[0] == pages[1] and "it was the last try" in pages[0][-1]
    assert len(server.inbox.wait_for(ada.address)) == 1 and len(server.inbox.messages(address)) == 0


def test_whoever_is_known_comes_back_by_a_link_from_another_site(plain_browser, server):
    """Strict cookies stay behind on the way from another site; the page sends itself on and knows the person."""
    agent, ada = new_agent(server), new_approver(server)
    ada.prove(plain_browser, agent.ask()["approvalUrl"])
    second = agent.ask(resource="second")
    _link_from_another_site(plain_browser, second["approvalUrl"])
    plain_browser.wait_for("Allow this?")
    plain_browser.press(LEAVE)
    plain_browser.wait_for("Who are you?")


def test_a_form_on_another_site_decides_nothing(browser, server):
    """The person is known, the form is complete but for what only the page's own form has."""
    agent, ada = new_agent(server), new_approver(server)
    asked = agent.ask()
    ada.prove(browser, asked["approvalUrl"])
    fields = browser.run("""
        const form = document.querySelector('form[action$="/decision"]')
        return [...new FormData(form)]""")
    hidden = "".join(f"<input name='{name}' value='{value}'>" for name, value in [*fields, ["decision", "approve"]])
    assert "name='form'" in hidden, "the attacker even has the token"
    for form in (hidden, hidden.replace("name='form'", "name='other'")):
        _link_from_another_site(browser, asked["approvalUrl"] + "/decision",
                                "<form method=post action='{}'>" + form + "<button id=go>win</button></form>")
        browser.wait_for("another page or browser")
        assert agent.told(asked["id"])["status"] == "pending"
    browser.open(asked["approvalUrl"])
    browser.press(APPROVE)
    browser.wait_for("Approved by you")


def test_the_page_is_shown_in_no_frame_and_runs_no_script(browser, server):
    agent, ada = new_agent(server), new_approver(server)
    asked = agent.ask()
    ada.prove(browser, asked["approvalUrl"])
    assert {request["url"].split("/")[2] for request in browser.requests() if request["url"].startswith("http")} == {
        f"127.0.0.1:{server.port}"}
    assert browser.complaints() == []
    browser.open("data:text/html," + quote(f"<iframe src='{asked['approvalUrl']}?here'></iframe>"))
    browser.driver.switch_to.frame(0)
    assert "Allow this?" not in browser.shown() and "Who are you?" not in browser.shown()
    assert browser.driver.execute_script("return location.href").startswith("chrome-error:")
    browser.driver.switch_to.default_content()


def test_the_number_of_the_asking_side_and_two_people(browser, plain_browser, started):
    """Two browsers, a kill of the server between the approvals, and the number that the agent was told."""
    server = started()
    agent, ada, ben = new_agent(server), new_approver(server), new_approver(server, "Ben")
    ask_people(server, approvers=2, numberMatching=True)
    asked = agent.ask(ttl=3600)
    number = asked["matchNumber"]
    ada.prove(browser, asked["approvalUrl"])
    ben.prove(plain_browser, asked["approvalUrl"])
    browser.type(NUMBER, number)
    browser.press(APPROVE)
    browser.wait_for("One approval is missing")
    server.kill()
    server.start()
    assert agent.told(asked["id"])["status"] == "pending"
    browser.open(asked["approvalUrl"])
    browser.type(NUMBER, number)
    browser.press(APPROVE)
    browser.wait_for("You approved this before")
    plain_browser.type(NUMBER, "x" if number == "00" else "00")
    plain_browser.press(APPROVE)
    plain_browser.wait_for("not the number that the asking side shows")
    plain_browser.type(NUMBER, number)
    plain_browser.press(APPROVE)
    plain_browser.wait_for("Approved by")
    told = agent.told(asked["id"])
    assert told["token"] and told["decidedBy"] == f"approver:{ada.id}, approver:{ben.id}"
    plain_browser.press(LEAVE)


def test_what_ended_says_so_and_what_to_do(plain_browser, started):
    """A code from before a restart, a request decided elsewhere, one that is over, an approver switched off, and none."""
    server = started()
    agent, ada = new_agent(server), new_approver(server)
    asked = agent.ask(ttl=3600)
    plain_browser.open(asked["approvalUrl"])
    plain_browser.type(ADDRESS, ada.address)
    plain_browser.press(SEND)
    plain_browser.wait_for("Enter your code")
    code = ada.newest_code(1)
    assert server.stop() == 0
    server.start()
    plain_browser.type(CODE, code)
    plain_browser.press(CONTINUE)
    plain_browser.wait_for("no longer counts")
    ada.prove(plain_browser, asked["approvalUrl"], 2)
    assert server.command("permission", "deny", asked["id"]).status == 0
    plain_browser.press(APPROVE)
    plain_browser.wait_for("What you chose did not count")
    assert agent.told(asked["id"])["status"] == "denied"
    second = agent.ask(resource="second")
    plain_browser.open(second["approvalUrl"])
    assert server.command("approver", "disable", ada.id).status == 0
    plain_browser.press(APPROVE)
    plain_browser.wait_for("no longer knows you")
    assert agent.told(second["id"])["status"] == "pending"
    plain_browser.open(f"{server.url}/approve/perm_unknown")
    plain_browser.wait_for("There is no such request")
    assert not any(word in plain_browser.shown() for word in ("undefined", "null", "{", "Error"))


def test_neither_code_nor_cookie_stands_in_database_log_or_trail(browser, started):
    server = started()
    agent, ada = new_agent(server), new_approver(server)
    asked = agent.ask()
    code = ada.prove(browser, asked["approvalUrl"])
    secrets = [code] + [cookie["value"] for cookie in browser.driver.get_cookies()]
    assert len(secrets) == 3 and all(cookie["httpOnly"] and cookie["sameSite"] == "Strict"
                                     for cookie in browser.driver.get_cookies())
    browser.press(APPROVE)
    browser.wait_for("Approved by you")
    assert server.stop() == 0
    for path in [*server.data.iterdir(), server.log]:
        if path.is_file() and path.name != "master.key":
            assert not search_bytes(path.read_bytes(), secrets, path.name)
    assert asked["id"] in server.logged() or any(asked["id"] in line for line in server.audit()), "the control"
