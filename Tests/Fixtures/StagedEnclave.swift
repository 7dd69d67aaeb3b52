import EnclaveLink

/// An enclave to which something happens before it is asked, or before its answer arrives: it is gone, has too much to do, or
/// somebody is faster.
public struct StagedEnclave: EnclaveCalling {
    public typealias Scene = @Sendable (any EnclaveRequest) async throws(EnclaveError) -> Void

    public let isQuiet: Bool

    private let base: any EnclaveCalling
    private let before: Scene
    private let after: Scene

    /// - Parameter isQuiet: whether it says nothing while calls wait for it.
    public init(
        _ base: any EnclaveCalling, isQuiet: Bool = false, before: @escaping Scene = { _ in },
        after: @escaping Scene = { _ in }
    ) {
        self.base = base
        self.isQuiet = isQuiet
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
