extension Challenges {
    /// Sends a sealed passcode: 3 attempts, at most 3 codes in flight for one contact, no cooldown.
    ///
    /// Throws `phoneNumberRefused`, `invalidChannel`, `tooManyInFlight`, `deliveryFailed`, the idempotency errors, the
    /// limits of the workspace, `unavailable`. For a visitor, what would tell of the contact or of fraud throws nothing.
    public func sendSealed(
        _ request: SealedSendRequest, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> SealedDispatch {
        throw .unavailable("not built yet")
    }
}
