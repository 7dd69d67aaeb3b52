"""The page in `examples/browser`, in a real browser, with a real mail server: whoever reads the message logs in."""

import json

import pytest
import contacts
from browser import Browser
from clients import hpke
from clients.encodings import base64url
from clients.p256 import PrivateKey
from commands import ROOT
from host_memory import Traffic, search_bytes, search_memory
from inbox import BASE32
from sealed import newest, set_workspace
from smtp import PASSWORD, USER
from test_sealed_clients import ADDITIONAL, INFO, PLAINTEXT, VECTORS

PAGE = ROOT / "examples/browser"
ADDRESS, CODE = "Your e-mail address", "Code from the message"
SEND, LOG_IN, LOG_OUT, ANOTHER = "Send me a code", "Log in", "Log out", "Ask for another code"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.end()


@pytest.fixture
def site(started, mail):
    """A server that serves the page and delivers mail."""
    provider = mail("--starttls", "--user", USER, "--password", PASSWORD)
    server = started(enclave=provider.enclave_settings(), arguments=["--demonstration", str(PAGE)])
    server.provider = provider
    return server


def _ask_for_a_code(browser, site, count=1):
    """Types a fresh address; returns it and the code of its newest message."""
    person = contacts.address()
    browser.open(site.url + "/demonstration/")
    browser.wait_for(ADDRESS)
    browser.type(ADDRESS, person)
    browser.press(SEND)
    browser.wait_for(CODE)
    return person, _newest_code(site, person, count)


def _newest_code(site, person, count):
    site.provider.wait_for("message", count)
    return newest(site.provider.messages(person), 9, BASE32)


def test_a_person_logs_in_with_a_wrong_code_first_and_logs_out(browser, site, tmp_path):
    """The page says how many tries are left, opens a session, finds it again when it is loaded anew, and ends it.

    The host never has the code: neither in its memory nor in anything that it read or wrote.
    """
    with Traffic(site.pid, tmp_path / "traffic") as traffic:
        person, code = _ask_for_a_code(browser, site)
        assert browser.focused() == "code"
        browser.type(CODE, contacts.wrong(code))
        browser.press(LOG_IN)
        browser.wait_for("2 tries left")
        assert browser.element("code").get_attribute("aria-invalid") == "true" and browser.focused() == "code"
        browser.type(CODE, f"{code[:3]} {code[3:6]}-{code[6:]}".lower())
        browser.press(LOG_IN)
        browser.wait_for("You are logged in")
        assert browser.focused() == "heading"
        codes = [code, contacts.wrong(code)]
        seen = traffic.seen()
        assert person.encode() in seen and b"encapsulated_key" in seen, "the control: its traffic was seen"
        assert not search_bytes(seen, codes, "the host's traffic")
        assert not search_memory(site.pid, *codes)

    session = browser.element("name").text
    assert session.startswith("se_")
    browser.open(site.url + "/demonstration/")
    browser.wait_for("You are logged in")
    assert browser.element("name").text == session
    browser.press(LOG_OUT)
    browser.wait_for("You are logged out")
    browser.open(site.url + "/demonstration/")
    browser.wait_for(ADDRESS)
    assert browser.complaints() == []


def test_the_third_wrong_code_is_the_last(browser, site):
    """Then the right one is refused too, and the page says to ask for another, which works."""
    person, code = _ask_for_a_code(browser, site)
    for said in ("2 tries left", "one try left", "it was the last try"):
        browser.type(CODE, contacts.wrong(code))
        browser.press(LOG_IN)
        browser.wait_for(said)
    browser.type(CODE, code)
    browser.press(LOG_IN)
    browser.wait_for("this code is closed")
    browser.press(ANOTHER)
    browser.wait_for(ADDRESS)
    browser.press(SEND)
    browser.wait_for(CODE)
    browser.type(CODE, _newest_code(site, person, 2))
    browser.press(LOG_IN)
    browser.wait_for("You are logged in")


def test_a_target_of_another_signer_gets_no_code(browser, site):
    """The page checks the enclave's signature against the pinned key before it asks for a code."""
    page = site.url + "/demonstration/"
    browser.open(page)
    browser.wait_for(ADDRESS)
    stranger = PrivateKey().public.uncompressed.hex()
    pinned = site.issued["enclave"]["signingKey"]
    target, challenge = _a_target(site)
    check = "const { checkTarget } = await import(given[0] + 'sealed.js');" \
            "return (await checkTarget(given[1], given[2], given[3], given[4] ?? Date.now())).length"
    assert browser.run(check, page, target, pinned, challenge) == 65
    far = 4102444800000
    for arguments, fault in (((target, stranger, challenge), "another signer"),
                             ((target, pinned, "another"), "another challenge"),
                             ((target, pinned, challenge, far), "expired"),
                             ((_with_a_bit_changed(target), pinned, challenge), "signature")):
        with pytest.raises(AssertionError, match=fault):
            browser.run(check, page, *arguments)


def _a_target(site):
    with site.client("live") as client:
        answer = client.request("POST", "/v1/challenges", {"contact": contacts.address()})
    return answer.json["target"], answer.json["id"]


def _with_a_bit_changed(token):
    head, signature = token.rsplit(".", 1)
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def test_the_pages_hpke_is_the_standards(browser, site):
    """The published vector of the suite, sealed in the page with the vector's ephemeral key."""
    vector = next(vector for vector in VECTORS.values() if vector.cipher == hpke.AES_256_GCM)
    page = site.url + "/demonstration/"
    browser.open(page)
    ephemeral = PrivateKey(int(vector.ephemeral, 16))
    scalar = {"d": base64url(bytes.fromhex(vector.ephemeral))}
    sealed = browser.run("""
        const { seal } = await import(given[0] + 'sealed.js')
        const bytes = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16))
        const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
        const curve = { name: 'ECDH', namedCurve: 'P-256' }
        const ephemeral = {
          privateKey: await crypto.subtle.importKey('jwk', { ...given[1], ...given[2] }, curve, false, ['deriveBits']),
          publicKey: await crypto.subtle.importKey('jwk', given[1], curve, true, []),
        }
        const [recipient, plaintext, info, additional] = given.slice(3).map(bytes)
        const sealed = await seal(recipient, plaintext, info, additional, ephemeral)
        return [hex(sealed.encapsulated), hex(sealed.ciphertext)]""",
        page, ephemeral.public.jwk, scalar, PrivateKey(int(vector.recipient, 16)).public.uncompressed.hex(),
        PLAINTEXT.hex(), INFO.hex(), ADDITIONAL.hex())
    assert sealed == [vector.encapsulated, vector.ciphertext]


def test_the_sessions_key_cannot_leave_the_browser(browser, site):
    """It survives in IndexedDB as a key that no script can export; the token stands nowhere else."""
    _, code = _ask_for_a_code(browser, site)
    browser.type(CODE, code)
    browser.press(LOG_IN)
    browser.wait_for("You are logged in")
    found = browser.run("""
        const { load } = await import(given[0] + 'store.js')
        const { clientKey: { privateKey } } = await load()
        const taken = await Promise.any(['jwk', 'pkcs8', 'raw'].map((form) => crypto.subtle.exportKey(form, privateKey)))
          .catch(() => null)
        return [privateKey.extractable, taken, localStorage.length + sessionStorage.length, document.cookie]""",
        site.url + "/demonstration/")
    assert found == [False, None, 0, ""]
    browser.press(LOG_OUT)
    browser.wait_for("You are logged out")


def test_the_page_needs_nothing_but_its_server(browser, site):
    """A policy that lets nothing else in, no inline script or style, no request elsewhere, forms as they should be."""
    with site.client(None) as client:
        answer = client.get("/demonstration/")
    policy = [rule.split() for rule in answer.headers["Content-Security-Policy"].split(";")]
    assert policy[0][0] == "default-src"
    assert {source for rule in policy for source in rule[1:]} <= {"'self'", "'none'"}, "and nothing from elsewhere"
    browser.open(site.url + "/demonstration/")
    browser.wait_for(ADDRESS)
    assert browser.run("return document.documentElement.lang") == "en"
    code = browser.element("code")
    assert code.get_attribute("autocomplete") == "one-time-code" and code.get_attribute("maxlength")
    assert browser.run("return document.querySelectorAll('[style],style,script:not([src])').length") == 0
    assert browser.run("return document.querySelectorAll('#prove input').length") == 1, "one input, never six boxes"
    assert browser.run("return document.getElementById('problem').getAttribute('role')") == "alert"
    elsewhere = [request["url"] for request in browser.requests()
                 if request["url"].startswith("http") and not request["url"].startswith("http://127.0.0.1:")]
    assert elsewhere == []
    assert browser.complaints() == []


def test_what_goes_wrong_is_said_in_plain_words(browser, site):
    """A limit, a server that is gone, and a code from before a restart: what happened and what to do."""
    set_workspace(site, visitor_limit=1)
    browser.open(site.url + "/demonstration/")
    browser.wait_for(ADDRESS)
    for _ in range(2):
        browser.type(ADDRESS, contacts.address())
        browser.press(SEND)
        browser.run("await new Promise((done) => setTimeout(done, 400))")
        if CODE in browser.shown():
            browser.press(ANOTHER)
    browser.wait_for("then try again")
    set_workspace(site, visitor_limit=0)
    _, code = _ask_for_a_code(browser, site)
    assert site.stop() == 0
    browser.type(CODE, code)
    browser.press(LOG_IN)
    browser.wait_for("The server does not answer")
    site.start("--demonstration", str(PAGE))
    browser.press(LOG_IN)
    browser.wait_for("The server was restarted since this code was sent")
    assert not any(word in browser.shown() for word in ("undefined", "null", "{", "Error"))


def test_the_folder_is_served_only_on_demand(started):
    """Without `--demonstration` there is no page and no configuration; with it nothing outside the folder."""
    server = started()
    with server.client(None) as client:
        for path in ("/demonstration/", "/demonstration/configuration.json"):
            assert client.get(path).status == 404
    other = started(arguments=["--demonstration", str(PAGE)])
    with other.client(None) as client:
        configuration = client.get("/demonstration/configuration.json")
        assert json.loads(configuration.body) == {
            "config": other.issued["authProxyConfig"], "signer_key": other.issued["enclave"]["signingKey"],
            "notary_key": other.issued["enclave"]["notaryKey"]}
        for path in ("/demonstration/../countersign.yaml", "/demonstration/%2e%2e/enclave.yaml",
                     "/demonstration/..%2fenclave.yaml", "/demonstration//etc/passwd", "/demonstration/%2fetc%2fpasswd",
                     "/demonstration/README.md%00.html"):
            assert client.get(path).status in (400, 404), path
