import Testing

@testable import Configuration

@Suite("A secret")
struct SecretTests {
    @Test("does not show in any way of printing it")
    func printing() {
        let secret = SecretText("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", dumped] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("<redacted>"))
        }
        #expect(secret.reveal() == "hunter2")
    }

    @Test(
        "is quoted by no error about it",
        arguments: ["[hunter2]", "{hunter2: a}", "\"hunter2\\0\"", "\n  - hunter2", "\n  hunter2: hunter2"])
    func errors(value: String) throws {
        let root = try settings("password: \(value)\n")
        let message = try #require(refusal { () throws(ConfigurationError) in _ = try root.secret("password") })
        #expect(message.hasPrefix("test.yaml:"))
        #expect(!message.contains("hunter2"))
    }

    @Test(
        "is quoted by no error about the file's grammar",
        arguments: [
            "password: hunter2: a", "password: \"hunter2", "password: hunter2\n  a: b", "password: @hunter2",
            "password: *hunter2",
            "password: !hunter2 a", "password: &hunter2 a", "password: \"\\hunter2\"", "\tpassword: hunter2",
            "password: hunter2\u{7}", "password: %hunter2", "password: [hunter2", "password: hunter2\nhunter2",
        ])
    func syntaxErrors(text: String) throws {
        let message = try #require(refusal(of: text))
        #expect(!message.contains("hunter2"))
    }
}
