import TransparencyLog

/// Asks the enclave to sign what an export holds, with the log's key. The enclave writes the text itself, so that it can
/// never be read as a checkpoint.
public struct SignStatement: EnclaveRequest {
    public typealias Reply = SignedStatement
    public static let kind = RequestKind.signStatement

    public var statement: ExportStatement

    public init(_ statement: ExportStatement) { self.statement = statement }
}

/// A signed note whose text is an `ExportStatement`; public.
public struct SignedStatement: Equatable, Sendable {
    public var note: String

    public init(note: String) { self.note = note }
}
