"""What messages say: in the reader's language, in the workspace's own words, and never the code anywhere else."""

import json

import contacts
import pytest
from wire import dispatched, refused, verified

WORDS = {
    "en": "is your", "de": "ist Ihr Code", "es": "es su clave", "fr": "est votre code", "pt": "para confirmar",
    "it": "suo codice", "nl": "is uw code", "pl": "Kod", "tr": "kodunuz", "ru": "код", "ar": "رمز", "hi": "कोड",
    "id": "adalah kode", "ja": "認証コード", "ko": "인증번호", "zh": "验证码",
}


def message(server, to):
    (found,) = server.inbox.messages(to)
    return found


@pytest.mark.parametrize("locale", WORDS)
def test_a_message_is_in_the_language_that_the_send_names(server, locale):
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to, locale=locale))
        found = message(server, to)
        assert WORDS[locale] in found.text
        verified(client.verify(to, found.code()))


def test_without_a_wish_the_number_names_the_language(server):
    """The numbers are Indian."""
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
        assert WORDS["hi"] in message(server, to).text


def test_arabic_mail_reads_from_right_to_left(server):
    to = contacts.address()
    with server.client("live") as client:
        dispatched(client.send(to, locale="ar"))
    found = message(server, to)
    assert '<html lang="ar" dir="rtl">' in found.html
    assert found.code() not in found.subject


def test_a_template_is_set_previewed_used_and_deleted(server):
    def template(*arguments):
        return server.command("template", *arguments)

    assert template("set", "--channel", "sms", "--name", "own", "--text", "{{app}} says {{code}} now").status == 0
    shown = template("preview", "--channel", "sms", "--name", "own", "--app", "Shop", "--json").json
    assert shown["text"].startswith("Shop says 123456 now") and shown["segments"] == 1 and shown["encoding"] == "GSM-7"
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to, template="own", app="Shop"))
        found = message(server, to)
        assert found.text.startswith("Shop says ")
        verified(client.verify(to, found.code()))
        assert template("delete", "--channel", "sms", "--name", "own").status == 0
        refused(client.send(contacts.phone(), template="own"), 400, "MISSING_TEMPLATE")
    assert template("delete", "--channel", "sms", "--name", "own").status == 1


def test_a_text_that_could_make_too_long_a_message_is_refused_with_what_to_shorten(server):
    text = "{{code}} " + "{{domain}} " * 8
    shown = server.command("template", "preview", "--channel", "sms", "--text", text)
    assert shown.status == 0 and " of 1600 characters" in shown.output and "too long to be saved" in shown.output
    done = server.command("template", "set", "--channel", "sms", "--text", text)
    assert done.status == 1 and "template_refused" in done.errors
    assert " of 1600 characters" in done.errors and "{{domain}}" in done.errors


def test_a_binding_that_no_call_can_say_is_refused_before_anything_is_sent(server):
    to = contacts.phone()
    binding = {name: "&" * 200 for name in "abcd"}
    with server.client("live") as client:
        refused(client.send(to, channel="voice", binding=binding), 400, "INVALID_FIELD")
        assert server.inbox.messages(to) == []
        dispatched(client.send(to, channel="sms", binding=binding))


@pytest.mark.parametrize("text", [
    "no code", "{{code}} {{code}}", "{% for x in y %}{{code}}", "{{#each}}{{code}}{{/each}}", "{{code}} <script>x</script>",
    "https://evil.example/{{code}}", "{{code}} {{secret}}", "x" * 500 + " {{code}}",
])
def test_a_text_that_is_more_than_text_is_refused_when_it_is_saved(server, text):
    done = server.command("template", "set", "--channel", "sms", "--text", text)
    assert done.status == 1 and "template_refused" in done.errors
    assert json.loads(server.command("template", "list", "--json").output)["templates"] == []
