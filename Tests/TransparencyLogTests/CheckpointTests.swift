import Testing

@testable import TransparencyLog

@Suite("A checkpoint")
struct CheckpointTests {
    static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test("is the three lines of the specification's example")
    func example() throws {
        let text = "example.com/behind-the-sofa\n20852163\n\(Self.root)\n"
        let checkpoint = try Checkpoint(parsing: text)
        #expect(checkpoint.origin.text == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.base64 == Self.root)
        #expect(checkpoint.text == text)
        #expect(try Checkpoint(parsing: text + "more\n") == checkpoint)
    }

    @Test(
        "in another form is refused",
        arguments: [
            "", "\n", "a\n1\n", "a\n1\n\(root)", "\n1\n\(root)\n", "a\n\n\(root)\n", "a\n01\n\(root)\n",
            "a\n+1\n\(root)\n",
            "a\n-1\n\(root)\n", "a\n 1\n\(root)\n", "a\n1 \n\(root)\n", "a\n0x1\n\(root)\n", "a\n١\n\(root)\n",
            "a\n18446744073709551616\n\(root)\n", "a\n0\n\(root)\n", "a\n1\nAAAA\n", "a\n1\n\(root)=\n",
            "a\n1\n \(root)\n",
            "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "a b\n1\n\(root)\n", "a\n1\n\(root)\n\n",
            "a\n1\n\(root)\n\nmore\n",
        ])
    func malformed(text: String) {
        #expect(throws: LogError(.badCheckpoint, "")) { try Checkpoint(parsing: text) }
    }
}
