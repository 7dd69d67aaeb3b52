import Policies

/// What a look at a token says.
public enum TokenFinding: Sendable, Equatable {
    /// It works so many times more, for this scope, until `expiresAt`, Unix milliseconds.
    case valid(scope: StoredJSON, usesLeft: Int, expiresAt: Int64)
    case invalid(TokenFault)
}

/// What became of a use.
public enum TokenUse: Sendable, Equatable {
    case done(usesLeft: Int)
    /// Nothing was used up.
    case refused(TokenFault, usesLeft: Int)
}

/// Why a token does not count.
public enum TokenFault: Sendable, Equatable {
    /// It is none, or another permission's.
    case wrongToken
    /// The permission never was approved, or its token was not handed out.
    case notApproved
    case expired, used, revoked
    /// What is about to be done is outside the granted scope: the detail, and how.
    case outsideScope(String)

    /// On one line, for whoever presented the token.
    public var reason: String {
        switch self {
        case .wrongToken: "The token is not valid."
        case .notApproved: "The permission is not approved."
        case .expired: "The permission has expired."
        case .used: "The token was used before."
        case .revoked: "The permission was revoked."
        case .outsideScope(let detail): detail
        }
    }

    /// The audit's word.
    var word: String {
        switch self {
        case .wrongToken: "wrongToken"
        case .notApproved: "notApproved"
        case .expired: "expired"
        case .used: "used"
        case .revoked: "revoked"
        case .outsideScope: "outsideScope"
        }
    }
}
