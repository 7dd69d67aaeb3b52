/// A send whose message nobody took visibly, as its caller is told of it.
public struct FailedDelivery: Equatable, Sendable {
    /// The passcode that it was for: its status says what became of it.
    public let passcode: String
    /// True where the message may be out all the same: the same `Idempotency-Key` then sends nothing more.
    public let mayHaveArrived: Bool
    /// True where an earlier request with the same `Idempotency-Key` failed so.
    public let isReplay: Bool

    public init(passcode: String, mayHaveArrived: Bool, isReplay: Bool = false) {
        self.passcode = passcode
        self.mayHaveArrived = mayHaveArrived
        self.isReplay = isReplay
    }

    /// For the caller.
    var message: String {
        mayHaveArrived
            ? "Whether the message went out is not known. The same request sends no second one; a new request does."
            : "The message was not accepted for delivery. Nothing was charged."
    }
}
