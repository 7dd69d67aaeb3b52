import EnclaveLink

/// An enclave to which something happens before it is asked, or before its answer arrives: it is gone, has too much to do, or
/// somebody is faster.
public struct StagedEnclave: EnclaveCalling {
    public typealias Scene = @Sendable (any EnclaveRequest) async throws(EnclaveError) -> Void

    private let base: any EnclaveCalling
    private let before: Scene
    private let after: Scene

    public init(
        _ base: any EnclaveCalling, before: @escaping Scene = { _ in }, after: @escaping Scene = { _ in }
    ) {
        self.base = base
        self.before = before
        self.after = after
    }

    public var greeting: Greeting? { base.greeting }

    public func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        try await before(request)
        let reply = try await base.call(request)
        try await after(request)
        return reply
    }
}
