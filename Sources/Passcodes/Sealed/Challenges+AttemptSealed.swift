extension Challenges {
    /// Tries a sealed code: a verification token, once. Counted here, durably, before the enclave opens the attempt.
    ///
    /// Throws `challengeUnknown` for another workspace's or flow's as for none, `invalidCode`, `codeExpired`,
    /// `tooManyAttempts`, `codeSpent`, `madeBeforeRestart`, `attemptRefused` with what is wrong with its content.
    public func attemptSealed(
        _ request: SealedAttemptRequest, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> Verification {
        throw .unavailable("not built yet")
    }
}
