import EnclaveLink

/// An enclave to which something happens before it is asked: it is gone, has too much to do, or somebody is faster.
public struct StagedEnclave: EnclaveCalling {
    public typealias Scene = @Sendable (any EnclaveRequest) async throws(EnclaveError) -> Void

    private let base: any EnclaveCalling
    private let before: Scene

    public init(_ base: any EnclaveCalling, before: @escaping Scene) {
        self.base = base
        self.before = before
    }

    public var greeting: Greeting? { base.greeting }

    public func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        try await before(request)
        return try await base.call(request)
    }
}
