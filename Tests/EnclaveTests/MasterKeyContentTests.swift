import EnclaveLink
import Testing

@testable import Enclave

@Suite("what the master key's file holds")
struct MasterKeyContentTests {
    private static let digits = String(repeating: "5a", count: 32)
    private static let title = "countersign master key 2\n"
    private static let lasting = "lasting \(digits)\n"

    private static func grow(_ content: inout MasterKeyContent, works: Bool = true) throws {
        let grown = content.addVersion(randomness: SystemRandomness())
        try #require(grown == works)
    }

    @Test("what is written is read again")
    func written() throws {
        var content = MasterKeyContent(randomness: SystemRandomness())
        try Self.grow(&content)
        let text = content.text
        #expect(try MasterKeyContent(text: text).text == text)
        #expect(String(decoding: text, as: UTF8.self).hasPrefix(Self.title + "lasting "))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", title, title + lasting, "countersign master key 1\n\(digits)\n", title + lasting + "1 \(digits)",
            title + "1 \(digits)\n" + lasting, title + lasting + "0 \(digits)\n", title + lasting + "01 \(digits)\n",
            title + lasting + "1 \(digits)5a\n", title + lasting + "1 \(digits.dropLast())g\n",
            title + lasting + "1  \(digits)\n", title + lasting + "1 \(digits)\n1 \(digits)\n",
            title + lasting + "2 \(digits)\n1 \(digits)\n", title + lasting + "4294967296 \(digits)\n",
            title + lasting + "+1 \(digits)\n", title + lasting + "\n",
            title + lasting + (1...17).map { "\($0) \(digits)\n" }.joined(),
        ])
    func refused(text: String) {
        #expect(throws: MasterKeyError.Code.malformed) { try MasterKeyContent(text: text.utf8) }
    }

    @Test("there are 16 versions at most; retiring leaves the newest, and its number goes on")
    func limit() throws {
        var content = MasterKeyContent(randomness: SystemRandomness())
        for _ in 2...16 { try Self.grow(&content) }
        try Self.grow(&content, works: false)
        let newest = try #require(content.versions.last?.key)
        content.retireOldVersions()
        #expect(content.versions.map(\.number) == [16])
        #expect(content.versions[0].key == newest)
        try Self.grow(&content)
        #expect(content.versions.map(\.number) == [16, 17])
    }

    @Test("neither shows in a text, in the debugger or in a dump")
    func redacted() throws {
        let content = try MasterKeyContent(text: (Self.title + Self.lasting + "1 \(Self.digits)\n").utf8)
        let keys = try MasterKeys(content)
        var dumped = ""
        dump(content, to: &dumped)
        dump(keys, to: &dumped)
        for text in ["\(content)", "\(keys)", String(reflecting: content), String(reflecting: keys), dumped] {
            #expect(!text.contains("5a5a") && !text.contains("90, 90"))
        }
    }
}

@Suite("a wrapped master key's file")
struct WrappedMasterKeyTests {
    private let wrapped = WrappedMasterKey(token: "a token", key: "a key", nonce: [1, 2, 3], bytes: [4, 5, 6])

    @Test("what is written is read again")
    func written() throws { #expect(try WrappedMasterKey(text: wrapped.text) == wrapped) }

    @Test("a file in the clear is not taken for a wrapped one")
    func clear() throws {
        #expect(try WrappedMasterKey(text: MasterKeyContent(randomness: SystemRandomness()).text) == nil)
    }

    @Test("with a line missing, added or damaged it is refused", arguments: 1..<5)
    func refused(line: Int) throws {
        var lines = String(decoding: wrapped.text, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        lines.insert("x", at: line)
        #expect(throws: MasterKeyError.Code.malformed) {
            try WrappedMasterKey(text: Array(lines.joined(separator: "\n").utf8))
        }
        lines.removeSubrange(line...(line + 1))
        #expect(throws: MasterKeyError.Code.malformed) {
            try WrappedMasterKey(text: Array(lines.joined(separator: "\n").utf8))
        }
    }
}
