import EnclaveLink

extension SealedFlow {
    /// The header type of this flow's verification tokens.
    var verificationType: String {
        switch self {
        case .turnkey: "JWT"
        case .countersign: "verification+jwt"
        }
    }
}
