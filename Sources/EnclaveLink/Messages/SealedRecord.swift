/// A sealed blob's place: it opens only for the workspace and record that it was made for.
public struct SealedRecord: Hashable, Sendable {
    public let workspace: String
    public let record: String
    public let sealed: [UInt8]

    public init(workspace: String, record: String, sealed: [UInt8]) {
        self.workspace = workspace
        self.record = record
        self.sealed = sealed
    }
}
