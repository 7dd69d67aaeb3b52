import JOSE
import TransparencyLog

/// What says that an export is what the log had: a statement that the log's key signed, and what leads from the export's
/// entries to the log's root.
public struct ExportManifest: Equatable, Sendable {
    /// A signed note whose text is an `ExportStatement`.
    public let statement: String
    /// The log's checkpoint at the time, a signed note, with the signatures of witnesses where it has any.
    public let checkpoint: String
    /// The hashes of the complete subtrees before the first entry, as `TreeEdge` has them.
    let edge: [LogHash]
    /// That the log of the checkpoint extends the one that ended with the last entry.
    let consistency: ConsistencyProof

    init(statement: String, checkpoint: String, edge: [LogHash], consistency: ConsistencyProof) {
        self.statement = statement
        self.checkpoint = checkpoint
        self.edge = edge
        self.consistency = consistency
    }

    /// Bytes that its text may have: two notes and some hundred hashes.
    public static let limit = 256 * 1024

    /// As a line of JSON, with its end.
    public var text: [UInt8] {
        func hashes(_ hashes: [LogHash]) -> JSONValue { .array(hashes.map { .string($0.base64) }) }
        let members: [JSONValue.Member] = [
            .init(name: "checkpoint", value: .string(checkpoint)),
            .init(name: "consistency", value: hashes(consistency.hashes)),
            .init(name: "edge", value: hashes(edge)),
            .init(name: "statement", value: .string(statement)),
        ]
        return JSONValue.object([.init(name: "manifest", value: .object(members))]).jsonText + [UInt8(ascii: "\n")]
    }

    /// Reads what ``text`` wrote; nil for any other text.
    public init?(_ text: [UInt8]) {
        func hashes(_ value: JSONValue?) -> [LogHash]? {
            // A tree of 64 bits has no longer edge, and no longer proof than two of them.
            guard let texts = value?.elements, texts.count <= 128 else { return nil }
            let hashes = texts.compactMap { $0.text.flatMap { try? LogHash(base64: $0) } }
            return hashes.count == texts.count ? hashes : nil
        }
        guard let value = try? JSONValue(parsing: text, within: .init(length: Self.limit))["manifest"],
            let statement = value["statement"]?.text,
            let checkpoint = value["checkpoint"]?.text, let edge = hashes(value["edge"]),
            let consistency = hashes(value["consistency"])
        else { return nil }
        self.init(
            statement: statement, checkpoint: checkpoint, edge: edge, consistency: ConsistencyProof(consistency))
    }
}
