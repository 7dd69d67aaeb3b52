import Encodings
import Testing

@Suite("Names that a stranger chose, for a log")
struct GivenNameTests {
    @Test(
        "a name stays", arguments: ["to", "scope.amount_minor", "policies[12].conditions", "X-Request-Id", "", "a.b"])
    func name(name: String) {
        #expect(GivenName.loggable(name) == name)
    }

    @Test(
        "what could be a number, a code, an address or a key is left out",
        arguments: [
            ("+4915123456789", "…"), ("739201", "…"), ("scope.739201.x", "scope.….x"), ("ada@example", "…"),
            ("sk_live_abcdefghijklmnopqrstuvwxyzabcdefgh", "…"), ("a b", "…"), ("a\nb", "…"), ("٧٣٩٢٠١", "…"),
            ("1.2.3.4.5.6.7.8.9.10", "1.2.3.4.5.6.7.8.…"),
        ])
    func secret(name: String, loggable: String) {
        #expect(GivenName.loggable(name) == loggable)
    }
}
