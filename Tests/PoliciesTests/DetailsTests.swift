import JOSE
import Testing

@testable import Policies

/// Refusal 16: a use is held to the scope that was granted.
@Suite struct DetailsTests {
    private func reason(_ scope: String, _ details: String?) throws -> String? {
        try Scope(json(scope)).violation(in: details.map { try json($0) })?.reason
    }

    @Test(
        "16: what is within the scope is accepted",
        arguments: [
            (#"{"max_amount": 100}"#, #"{"amount": 100}"#), (#"{"max_amount": 100}"#, #"{"amount": -5.5}"#),
            (#"{"min_amount": 10, "max_amount": 100}"#, #"{"amount": 10.0}"#),
            (#"{"allowed_recipients": ["*@a.com", "b@b.com"]}"#, #"{"recipient": "x@a.com"}"#),
            (#"{"allowed_recipients": ["*@a.com", "b@b.com"]}"#, #"{"recipients": ["x@a.com", "b@b.com"]}"#),
            (
                #"{"allowed_recipients": ["b@b.com"], "max_recipients": 2}"#,
                #"{"recipient": "b@b.com", "recipients": 2}"#
            ),
            (#"{"allowed_addresses": ["a"]}"#, #"{"address": "a"}"#),
            (#"{"allowed_categories": ["a"]}"#, #"{"category": "a"}"#),
            (#"{"allowed_ports": [80, 443]}"#, #"{"port": 443.0}"#),
            (#"{"subject_pattern": "^Invoice #\\d+$"}"#, #"{"subject": "Invoice #5"}"#),
            (#"{"subject_pattern": ["^a", "b$"]}"#, #"{"subject": "ab"}"#),
            (
                #"{"currency": "EUR", "tags": ["a", "b"], "send": true, "admin": false}"#,
                #"{"currency": "EUR", "tags": ["b"], "send": true, "admin": false}"#
            ),
            (#"{"tags": ["a", "b"]}"#, #"{"tags": "a"}"#), (#"{"send": true}"#, #"{"send": false}"#),
            (#"{"max_amount": 1}"#, #"{"recipient": "a", "sent_at": "2026-01-01T00:00:00Z"}"#),
            (#"{"max_uses": 1}"#, #"{"uses": 50}"#), ("{}", #"{"anything": [1]}"#),
        ])
    func accepted(scope: String, details: String) throws {
        #expect(try reason(scope, details) == nil)
    }

    @Test(
        "16: what goes beyond it is refused, in words that name the limit",
        arguments: [
            (#"{"max_amount": 100}"#, #"{"amount": 100.01}"#, "amount is above max_amount"),
            (#"{"min_amount": 10}"#, #"{"amount": 9}"#, "amount is below min_amount"),
            (#"{"max_amount": 9007199254740992}"#, #"{"amount": 9007199254740993}"#, "amount is above max_amount"),
            (
                #"{"allowed_recipients": ["*@a.com"]}"#, #"{"recipient": "x@b.com"}"#,
                "recipient is not in allowed_recipients"
            ),
            (
                #"{"allowed_recipients": ["a"]}"#, #"{"recipients": ["a", "b"]}"#,
                "recipients is not in allowed_recipients"
            ),
            (
                #"{"allowed_recipients": ["a"]}"#, #"{"recipient": "a", "recipients": ["b"]}"#,
                "recipients is not in allowed_recipients"
            ),
            (#"{"allowed_paths": ["/data/*"]}"#, #"{"path": "/data/../etc/passwd"}"#, "path is not in allowed_paths"),
            (#"{"subject_pattern": "^Invoice"}"#, #"{"subject": "Hello"}"#, "subject does not match subject_pattern"),
            (#"{"subject_pattern": ["^a", "b$"]}"#, #"{"subject": "a"}"#, "subject does not match subject_pattern"),
            (#"{"currency": "EUR"}"#, #"{"currency": "USD"}"#, "currency is not what was granted"),
            (#"{"amount": 50}"#, #"{"amount": 5000}"#, "amount is not what was granted"),
            (#"{"tags": ["a"]}"#, #"{"tags": ["a", "b"]}"#, "tags is not what was granted"),
            (#"{"admin": false}"#, #"{"admin": true}"#, "admin is not what was granted"),
        ])
    func refused(scope: String, details: String, words: String) throws {
        #expect(try reason(scope, details) == words)
    }

    @Test(
        "16: a value of another type is refused, whatever it would become elsewhere",
        arguments: [
            (#"{"max_amount": 100}"#, #"{"amount": "50"}"#), (#"{"max_amount": 100}"#, #"{"amount": [50]}"#),
            (#"{"max_amount": 100}"#, #"{"amount": null}"#), (#"{"max_amount": 100}"#, #"{"amount": {"value": 5}}"#),
            (#"{"max_amount": 100}"#, #"{"amount": true}"#), (#"{"min_amount": 1}"#, #"{"amount": "5"}"#),
            (#"{"allowed_ports": [80]}"#, #"{"port": "80"}"#), (#"{"allowed_ports": ["80"]}"#, #"{"port": 80}"#),
            (#"{"allowed_xs": ["*"]}"#, #"{"x": 5}"#), (#"{"allowed_xs": ["*"]}"#, #"{"x": null}"#),
            (#"{"allowed_xs": ["*"]}"#, #"{"x": {}}"#), (#"{"allowed_xs": ["*"]}"#, #"{"x": []}"#),
            (#"{"allowed_xs": ["*"]}"#, #"{"xs": [["a"]]}"#), (#"{"allowed_xs": ["*"]}"#, #"{"xs": []}"#),
            (#"{"x_pattern": "."}"#, #"{"x": 5}"#), (#"{"x_pattern": "."}"#, #"{"x": ["a"]}"#),
            (#"{"x_pattern": ""}"#, #"{"x": null}"#), (#"{"admin": false}"#, #"{"admin": 0}"#),
            (#"{"admin": false}"#, #"{"admin": "true"}"#), (#"{"currency": "EUR"}"#, #"{"currency": null}"#),
        ])
    func wrongTypes(scope: String, details: String) throws {
        #expect(try reason(scope, details) != nil)
    }

    @Test("16: details that are no object are refused, none at all are not")
    func noObject() throws {
        for details in ["null", "[]", "5", #""amount""#] {
            #expect(try reason(#"{"max_amount": 100}"#, details) == "actionDetails must be an object")
        }
        #expect(try reason(#"{"max_amount": 100}"#, nil) == nil)
    }

    @Test("16: where the scope requires details, each that a constraint looks at must be stated")
    func required() throws {
        let scope = #"{"require_details": true, "max_amount": 100, "allowed_payees": ["a"], "note_pattern": "^.+$"}"#
        #expect(try reason(scope, nil) == "actionDetails are missing")
        #expect(try reason(scope, "{}") == "actionDetails.amount is missing")
        #expect(try reason(scope, #"{"amount": 5}"#) == "actionDetails.payee is missing")
        #expect(try reason(scope, #"{"amount": 5, "payees": 1, "note": "n"}"#) == "actionDetails.payee is missing")
        #expect(try reason(scope, #"{"amount": 5, "payee": "a"}"#) == "actionDetails.note is missing")
        #expect(try reason(scope, #"{"amount": 5, "payee": "a", "note": "n"}"#) == nil)
    }

    @Test(
        "16: a detail that is spelt almost as one that the scope looks at is refused, and named",
        arguments: [
            (#"{"max_amount": 100}"#, "Amount"), (#"{"max_amount": 100}"#, "AMOUNT"),
            (#"{"max_amount": 100}"#, "amount "),
            (#"{"max_amount": 100}"#, "amo_unt"), (#"{"min_amount": 100}"#, "Amount"),
            (#"{"max_send_amount": 100}"#, "sendAmount"), (#"{"allowed_payees": ["a"]}"#, "Payee"),
            (#"{"allowed_payees": ["a"]}"#, "PAYEES"), (#"{"note_pattern": "a"}"#, "Note"),
            (#"{"currency": "EUR"}"#, "Currency"), (#"{"dry_run": true}"#, "dryRun"),
        ])
    func misspelt(scope: String, name: String) throws {
        let words = try reason(scope, #"{"\#(name)": 100000}"#)
        #expect(words?.hasPrefix("\(name) is unknown: did you mean ") == true)
    }

    @Test("16: both spellings at once are refused, and names that only resemble are not")
    func spellings() throws {
        #expect(
            try reason(#"{"max_amount": 100}"#, #"{"amount": 5, "Amount": 100000}"#)
                == "Amount is unknown: did you mean amount?")
        #expect(try reason(#"{"max_amount": 100}"#, #"{"amount": 5, "amounts": 3, "accounts": 1}"#) == nil)
        #expect(try reason(#"{"max_amount": 5, "max_Amount": 9}"#, #"{"amount": 5, "Amount": 9}"#) == nil)
    }

    @Test(
        "16: null states nothing: it is enough for no limit, and not where details are required",
        arguments: [
            "{\"max_amount\": 9", "{\"min_amount\": 1", "{\"allowed_amounts\": [1]", "{\"amount_pattern\": \"\"",
        ])
    func null(scope: String) throws {
        for details in [#"{"amount": null}"#, #"{"amounts": null, "amount": null}"#, #"{"Amount": null}"#] {
            #expect(try reason(scope + "}", details) != nil)
            #expect(try reason(scope + #", "require_details": true}"#, details) != nil)
        }
        #expect(try reason(scope + #", "require_details": true}"#, #"{"amounts": 3}"#) != nil)
    }

    @Test("16: a detail with a line break matches no pattern")
    func lineBreak() throws {
        let scope = #"{"to_pattern": "@a\\.com$"}"#
        #expect(try reason(scope, #"{"to": "x@a.com"}"#) == nil)
        #expect(try reason(scope, #"{"to": "x@evil.com\nx@a.com"}"#) == "to does not match to_pattern")
    }

    @Test("16: the same detail twice is refused where details are read")
    func duplicates() {
        #expect(throws: JOSEError(.duplicateMember)) { try json(#"{"amount": 5, "amount": 5000}"#) }
    }

    @Test("21: a name that would break the line of a reason is shown without that")
    func hostileNames() throws {
        let scope = try Scope(stored: ["max_a\nb\u{202e}": 1])
        #expect(
            scope.violation(in: ["a\nb\u{202e}": 2])?.reason == "a\u{fffd}b\u{fffd} is above max_a\u{fffd}b\u{fffd}")
    }
}
