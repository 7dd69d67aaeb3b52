import Encodings
import Testing

@Suite("Names that a stranger chose, for a log")
struct GivenNameTests {
    @Test(
        "a name stays",
        arguments: [
            "to", "scope.amount_minor", "policies[12].conditions", "policies[12].rules[34].patterns[5]", "X-Request-Id",
            "", "a.b", "v1.line2.a3",
        ])
    func name(name: String) {
        #expect(GivenName.loggable(name) == name)
    }

    @Test(
        "what could be a number, a code, an address or a key is left out",
        arguments: [
            ("+4915123456789", "…"), ("739201", "…"), ("scope.739201.x", "scope.….x"), ("ada@example", "…"),
            ("sk_live_abcdefghijklmnopqrstuvwxyzabcdefgh", "…"), ("a b", "…"), ("a\nb", "…"), ("٧٣٩٢٠١", "…"),
            ("1.2.3.4.5.6.7.8.9.10", "….….….….….….….….…"), ("a.b.c.d.e.f.g.h.i.j", "a.b.c.d.e.f.g.h.…"),
            ("192.0.2.7", "….….….…"), ("151.234.567.89", "….….….…"), ("scope.739.201.x", "scope.….….x"),
            ("a[1]2.345.b", "….….b"), ("[192.0.2.7", "….….….…"), ("policies[739201]", "…"),
        ])
    func secret(name: String, loggable: String) {
        #expect(GivenName.loggable(name) == loggable)
    }
}
