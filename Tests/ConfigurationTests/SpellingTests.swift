import Testing

@testable import Configuration

@Suite("A misspelt name")
struct SpellingTests {
    private let names = ["issuer", "listen", "log", "code_in_subject", "smtp"]

    @Test(
        "is recognised: letters added, left out, replaced or swapped, two at most",
        arguments: [
            ("lisen", "listen"), ("lissten", "listen"), ("lixten", "listen"), ("lsiten", "listen"),
            ("isseur", "issuer"),
            ("lsitne", "listen"), ("lo", "log"), ("logg", "log"), ("smpt", "smtp"), ("listen", "listen"),
            ("code_in_sbject", "code_in_subject"),
        ])
    func recognised(word: String, name: String) { #expect(Spelling.closest(to: word, among: names) == name) }

    @Test(
        "is recognised whatever its case and its underscores",
        arguments: ["codeInSubject", "CODE-IN-SUBJECT", "codeinsubject", "code__in_subjct"])
    func notation(word: String) { #expect(Spelling.closest(to: word, among: names) == "code_in_subject") }

    @Test(
        "is not guessed at from afar",
        arguments: ["", "l", "tls", "lxxxen", "listening", "port", "colour", "x", "_", "gol"])
    func tooFar(word: String) { #expect(Spelling.closest(to: word, among: names) == nil) }

    @Test("gets the closest name, the first of equals")
    func closest() {
        #expect(Spelling.closest(to: "ports", among: ["posts", "port", "porto"]) == "posts")
        #expect(Spelling.closest(to: "prt", among: ["part", "port"]) == "part")
        #expect(Spelling.closest(to: "port", among: ["part", "port"]) == "port")
        #expect(Spelling.closest(to: "port", among: []) == nil)
    }

    @Test("costs nothing when it is long")
    func long() {
        let word = String(repeating: "a", count: 1_000_000)
        #expect(Spelling.closest(to: word, among: [word, "a"]) == nil)
        #expect(
            Spelling.closest(to: String(repeating: "a", count: 64), among: [String(repeating: "a", count: 63)]) != nil)
    }
}
