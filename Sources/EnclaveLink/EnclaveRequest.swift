/// What a frame from the host asks, after the call's identifier.
public enum RequestKind: UInt8, CaseIterable, Sendable {
    case greet = 1
    case makeChallenge = 2
    case revealTestCode = 3
    case deliverChallenge = 4
    case attemptChallenge = 5
    case createSigningKey = 6
    case loadSigningKey = 7
    case forgetSigningKey = 8
    case attemptSealedChallenge = 9
    case checkVerificationToken = 10
    case signSession = 11
    case endorseSigningKey = 12
    case verifyCaptcha = 13
    case makeWebhookSecret = 14
    case deliverWebhook = 15
    case signPermission = 16
    case signLogHeads = 17
    case signStatement = 18
    case cosignLogHead = 19
    case readDeliveryReports = 20
    case describeVault = 21
    case rotateMasterKey = 22
    case retireMasterKeys = 23
    case reseal = 24
}

/// A question that the host asks the enclave.
public protocol EnclaveRequest: FrameCodable, Sendable {
    associatedtype Reply: FrameCodable, Sendable
    static var kind: RequestKind { get }
    /// How long the host waits for the reply, in milliseconds; then the call fails with `unavailable`.
    var timeLimit: Int { get }
}

extension EnclaveRequest {
    public var timeLimit: Int { 5000 }
}

/// Why the enclave gave no answer, or refused.
public struct EnclaveError: Error, Equatable, Sendable {
    public enum Code: String, CaseIterable, Sendable {
        /// It is starting, restarting or gone: answer 503 and try again.
        case unavailable
        /// Its queue or a table is full: answer 503 and try again.
        case overloaded
        /// A sealed blob did not open for this workspace, record and purpose.
        case sealRefused
        /// No such key is loaded, or it is for another purpose.
        case keyRefused
        /// The request breaks a rule of the protocol, such as a lifetime out of range.
        case requestRefused
        case challengeNotAlive
        /// The master keys' file is wrapped by another key than the enclave was started with: it has to be started anew.
        case rewrapped
        /// The same, and a new start would fail: its settings cannot be read, or do not name that key, or name one
        /// where the file is in the clear by now.
        case wrappedByUnnamed
    }
    public let code: Code
    public init(_ code: Code) { self.code = code }
}

/// The enclave as the host's rooms see it. The real one is `EnclaveSupervisor`; tests may put an enclave in their
/// own process behind it.
public protocol EnclaveCalling: Sendable {
    func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply
    /// The greeting of the enclave that is up now, nil while none is.
    var greeting: Greeting? { get }
    /// Whether calls wait for it and it has said nothing for a while: it is stopped then, and not busy.
    var isQuiet: Bool { get }
}

extension EnclaveCalling {
    /// One in the caller's own process is never stopped alone.
    public var isQuiet: Bool { false }
}
