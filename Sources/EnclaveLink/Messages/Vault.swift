/// How the master keys are kept, and which there are.
public struct VaultDescription: Equatable, Sendable {
    /// The key in an HSM that wraps the master keys' file.
    public struct Wrapping: Equatable, Sendable {
        public var token: String
        public var key: String

        public init(token: String, key: String) {
            self.token = token
            self.key = key
        }
    }

    /// The RSA keys of identity tokens that are in the HSM.
    public struct TokenKeys: Equatable, Sendable {
        /// More than this are not looked at.
        public static let limit = 1000

        public var count: UInt32
        /// The identifiers (`CKA_ID`, in hexadecimal) of those that this installation does not have: another installation's, or left of a
        /// change that broke off.
        public var unknown: [String]

        public init(count: UInt32, unknown: [String]) {
            self.count = count
            self.unknown = unknown
        }
    }

    /// What the settings of the enclave, as they are on the disk now, make of the master keys' file as it is now.
    public enum Outlook: String, CaseIterable, Sendable {
        /// They name what wraps it, and nothing else is to be done.
        case settled
        /// It opens, and only because they still name what wraps it as the previous vault: it waits to be rewrapped.
        case awaitsRewrap
        /// They do not name what wraps it, or want it wrapped where it is not: the next start fails.
        case unnamed
        /// They cannot be read, so that the next start fails.
        case unreadableSettings
        /// They name what wraps it, and that key is shorter than 256 bits: it opens the file and wraps nothing any
        /// more, so that no version of the master key is made or retired until another key wraps it.
        case keyTooShort
    }

    /// What wraps the file, whatever the settings would have; nil where the master keys stand in it in the clear.
    public var wrapping: Wrapping?
    /// The versions of the master key, in rising order; the last one seals.
    public var versions: [UInt32]
    /// Nil where RSA keys of identity tokens are made in the enclave.
    public var identityKeys: TokenKeys?
    public var outlook: Outlook

    public init(
        wrapping: Wrapping?, versions: [UInt32], identityKeys: TokenKeys? = nil, outlook: Outlook = .settled
    ) {
        self.wrapping = wrapping
        self.versions = versions
        self.identityKeys = identityKeys
        self.outlook = outlook
    }
}

/// Asks how the master keys are kept. The HSM is asked too: a token that is gone is `unavailable`.
public struct DescribeVault: EnclaveRequest {
    public typealias Reply = VaultDescription
    public static let kind = RequestKind.describeVault
    /// An HSM may take its time.
    public var timeLimit: Int { 30_000 }
    public init() {}
}

/// Makes a new version of the master key, writes it into the keys' file and seals under it from then on. What was sealed
/// under the versions before still opens. `requestRefused` where there are as many versions as there may be.
public struct RotateMasterKey: EnclaveRequest {
    public typealias Reply = VaultDescription
    public static let kind = RequestKind.rotateMasterKey
    public var timeLimit: Int { 30_000 }
    public init() {}
}

/// Forgets all versions of the master key but the newest, in memory and in the keys' file. What is sealed under them
/// never opens again: the host reseals first. `requestRefused` where the newest is another one than the host resealed under:
/// a rotation came between.
public struct RetireMasterKeys: EnclaveRequest {
    public typealias Reply = VaultDescription
    public static let kind = RequestKind.retireMasterKeys
    public var timeLimit: Int { 30_000 }
    /// The version to keep.
    public var newest: UInt32
    public init(newest: UInt32) { self.newest = newest }
}

/// Asks for the same content under the newest version of the master key.
public struct Reseal: EnclaveRequest {
    public typealias Reply = Resealed
    public static let kind = RequestKind.reseal

    /// What the blob is and where it belongs.
    public enum Place: Equatable, Sendable {
        case signingKey(SigningKeyPurpose, identifier: String)
        case webhookSecret(workspace: String, endpoint: String)
    }

    public var place: Place
    public var sealed: [UInt8]

    public init(_ place: Place, sealed: [UInt8]) {
        self.place = place
        self.sealed = sealed
    }
}

public struct Resealed: Equatable, Sendable {
    /// Nil where the blob is sealed under the newest version already.
    public var sealed: [UInt8]?
    public init(sealed: [UInt8]?) { self.sealed = sealed }
}
