import Crypto
import EnclaveLink
import Glibc
import Synchronization

/// The anchor as a file that only the enclave's user can write, held open and locked as long as this lives.
///
/// What it cannot tell is whether somebody put an older copy of it there while no enclave ran.
final class AnchorFile: LogAnchor {
    let heads: AnchoredHeads
    /// For the filter, which lets this one be written at any place.
    var descriptorNumber: Int32 { descriptor.number }

    private let descriptor: OwnedDescriptor
    private let masterKey: MasterKey
    private let generation: Mutex<UInt64>

    /// Makes an anchor that knows no log.
    static func create(_ path: String, masterKey: MasterKey, heads: AnchoredHeads = AnchoredHeads())
        throws(PrivateFile.Fault)
    {
        let slot = AnchorSlot(generation: 0, heads: heads)
        guard let bytes = slot.bytes(under: key(masterKey)) else { throw .notWritten }
        try PrivateFile(path: path).create(bytes)
    }

    /// Opens the anchor.
    /// - Parameter patience: how long to wait for another process to let go of it: one that was killed may be ending.
    /// - Throws: what is wrong with the file.
    init(_ path: String, masterKey: MasterKey, patience: Duration = .seconds(2)) throws(LogAnchorFault) {
        do { descriptor = try PrivateFile(path: path).open(O_RDWR) } catch { throw LogAnchorFault(error) }
        guard Self.lock(descriptor, until: .now + patience) else { throw .inUse }
        guard let slot = Self.newestSlot(of: descriptor, key: Self.key(masterKey)) else { throw .damaged }
        self.masterKey = masterKey
        heads = slot.heads
        generation = Mutex(slot.generation)
    }

    func keep(_ heads: AnchoredHeads) -> Bool {
        generation.withLock { generation in
            let slot = AnchorSlot(generation: generation + 1, heads: heads)
            // After a failure the same slot is written again: the other one is the last that is known to be whole.
            guard let bytes = slot.bytes(under: Self.key(masterKey)),
                descriptor.write(bytes, at: AnchorSlot.offset(of: slot.generation)), descriptor.synchronize()
            else { return false }
            generation = slot.generation
            return true
        }
    }

    private static func lock(_ descriptor: OwnedDescriptor, until deadline: ContinuousClock.Instant) -> Bool {
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, deadline > .now else { return false }
            usleep(20_000)
        }
        return true
    }

    private static func newestSlot(of descriptor: OwnedDescriptor, key: SymmetricKey) -> AnchorSlot? {
        [0, AnchorSlot.spacing].compactMap { offset in
            descriptor.read(at: offset, limit: AnchorSlot.spacing)
                .flatMap { AnchorSlot($0, at: offset, under: key) }
        }.max { $0.generation < $1.generation }
    }

    private static func key(_ masterKey: MasterKey) -> SymmetricKey {
        masterKey.deriveKey("countersign log anchor v1")
    }
}

extension LogAnchorFault {
    fileprivate init(_ fault: PrivateFile.Fault) {
        self =
            switch fault {
            case .missing: .missing
            case .loosePermissions: .loosePermissions
            case .foreignOwner: .foreignOwner
            case .unreadable, .alreadyExists, .notWritten: .unreadable
            }
    }
}
