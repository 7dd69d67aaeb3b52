import Foundation
import Testing

/// What `make fuzz` found worth keeping, once more and without a fuzzer.
@Suite("corpora of the fuzzer")
struct CorpusTests {
    @Test("every input that the fuzzer kept does what every input must", arguments: FuzzTarget.allCases)
    func replay(_ target: FuzzTarget) async throws {
        let files = try Corpus.files(of: target)
        try #require(!files.isEmpty)
        for file in files {
            let bytes = try [UInt8](Data(contentsOf: file))
            do { try await target.run(bytes) } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test("each folder of inputs has the name of a target")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder.path)
        #expect(Set(names) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}

private enum Corpus {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpus")

    static func files(of target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: target.rawValue), includingPropertiesForKeys: nil)
    }
}
