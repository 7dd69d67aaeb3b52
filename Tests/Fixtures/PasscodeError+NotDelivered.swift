import Passcodes

extension PasscodeError {
    /// What a send throws whose message nobody took.
    public static var notDelivered: Self {
        .deliveryFailed("", FailedDelivery(passcode: "", mayHaveArrived: false))
    }
}
