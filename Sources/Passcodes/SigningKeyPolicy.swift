import EnclaveLink

/// How the keys of a purpose are kept.
struct SigningKeyPolicy: Sendable {
    enum Rotation: Sendable {
        /// When the time is there: whoever verifies fetches the key set.
        case byItself
        /// Only when an operator says so, and the old key endorses the new one: clients pin it.
        case onDemand
    }

    /// Milliseconds for clocks that differ, and for what was signed at the last moment.
    private static let margin: Int64 = 3_600_000

    let rotation: Rotation
    /// Milliseconds that a key which signs no more is kept: the life of what it signed, and some more.
    let retirement: Int64
    /// False where only P-256 will do.
    let followsSettings: Bool

    init(_ purpose: SigningKeyPurpose) {
        switch purpose {
        case .identity, .identityTest:
            self.init(
                rotation: .byItself, retirement: 2 * Int64(Challenges.identityTokenLifetime) * 1000,
                followsSettings: true)
        case .session, .sessionTest:
            self.init(
                rotation: .byItself, retirement: Self.life(SignSession.lifetimes.upperBound), followsSettings: false)
        case .permission, .permissionTest:
            self.init(
                rotation: .byItself, retirement: Self.life(SignPermission.lifetimes.upperBound), followsSettings: false)
        case .enclave, .enclaveTest, .notary, .notaryTest:
            // Verification tokens are checked with it; what a notary key signed is not checked here at all.
            self.init(
                rotation: .onDemand, retirement: Self.life(VerificationTokenRequest.lifetimes.upperBound),
                followsSettings: false)
        }
    }

    private static func life(_ seconds: Int) -> Int64 { Int64(seconds) * 1000 + margin }

    private init(rotation: Rotation, retirement: Int64, followsSettings: Bool) {
        self.rotation = rotation
        self.retirement = retirement
        self.followsSettings = followsSettings
    }
}

extension SigningKeyPurpose {
    var policy: SigningKeyPolicy { SigningKeyPolicy(self) }
}
