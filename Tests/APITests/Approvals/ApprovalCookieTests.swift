import HTTPServer
import Testing

@testable import API

@Suite("The approval page's cookies")
struct ApprovalCookieTests {
    @Test("under https they are the host's own and never leave it", arguments: ApprovalCookie.allCases)
    func secure(_ cookie: ApprovalCookie) {
        for text in [cookie.setting("value", isSecure: true), cookie.clearing(isSecure: true)] {
            let parts = text.split(separator: "; ").map(String.init)
            #expect(parts[0].hasPrefix("__Host-countersign-approval-"))
            for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"] { #expect(parts.contains(attribute)) }
            #expect(!text.contains("Domain"))
        }
    }

    @Test("in the clear, on loopback, they are all that but Secure")
    func local() {
        let text = ApprovalCookie.session.setting("value", isSecure: false)
        #expect(text == "countersign-approval-session=value; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict")
    }

    @Test(
        "a cookie is read by its whole name, and not at all where it comes twice",
        arguments: [
            ("__Host-countersign-approval-code=a", "a"), ("x=1; __Host-countersign-approval-code=a=b; y", "a=b"),
            ("countersign-approval-code=a", nil), ("__host-countersign-approval-code=a", nil),
            ("x__Host-countersign-approval-code=a", nil), ("__Host-countersign-approval-codes=a", nil),
            ("__Host-countersign-approval-code=a; __Host-countersign-approval-code=b", nil), ("", nil),
        ] as [(String, String?)])
    func reading(_ header: String, _ value: String?) {
        let request = Request(method: .GET, target: "/", headers: ["Cookie": header])
        #expect(ApprovalCookie.code.value(in: request, isSecure: true) == value)
    }

    @Test("a form's token is for one browser, one request and one session")
    func tokens() throws {
        let secret = BrowserSecret()
        let token = secret.formToken(for: "perm_1", session: "s")
        let same = try #require(BrowserSecret(secret.text))
        #expect(same.accepts(token, for: "perm_1", session: "s"))
        #expect(!same.accepts(token, for: "perm_2", session: "s") && !same.accepts(token, for: "perm_1", session: nil))
        #expect(!BrowserSecret().accepts(token, for: "perm_1", session: "s"))
        for text in ["", "x", String(secret.text.dropLast()), secret.text + "A", secret.text + "="] {
            #expect(BrowserSecret(text) == nil)
            #expect(!same.accepts(text, for: "perm_1", session: "s"))
        }
    }
}
