import EnclaveLink
import Storage

/// The oldest version of the master key under which anything may still be stored.
///
/// It is raised before older versions are retired and everything is sealed anew once more. What was sealed before and
/// comes to be stored afterwards is refused, and made again by whoever wanted it, instead of being lost.
public enum MasterKeyFloor {
    /// It is never lowered: a retirement that was overtaken by another one changes nothing.
    static func raise(to version: UInt32, in transaction: any Transaction) throws(StorageError) {
        try InstallationValue.masterKeyFloor.raise(to: version, in: transaction)
    }

    /// To be asked in the unit of work that stores a blob for the first time.
    /// - Throws: `unavailable` for one that was sealed under an older version.
    public static func check(_ sealed: [UInt8], in transaction: any Transaction) throws(StorageError) {
        guard let floor = try InstallationValue.masterKeyFloor.read(in: transaction) else { return }
        guard let version = SealedVersion.number(of: sealed), let floor = UInt32(floor), version >= floor else {
            throw StorageError(.unavailable, reason: "sealed under a version of the master key that is being retired")
        }
    }
}
