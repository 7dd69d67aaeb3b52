import CLinux
import EnclaveLink
import Glibc

/// The walls around the enclave process, each put up on its own and reported only if it stands.
struct Sandbox {
    private var report = IsolationReport.none

    /// The first thing of all: no environment, no foreign descriptors.
    /// - Parameter firstForeign: the lowest descriptor number that is not the enclave's.
    static func dropInheritance(closingFrom firstForeign: Int32) {
        clinux_clear_environment()
        clinux_close_from(UInt32(firstForeign))
    }

    /// The first half, while the process has one thread: no network.
    /// - Parameter host: the socket to the host, by which its user is known.
    mutating func isolate(host: Int32?) {
        // Asked first: in a user namespace of its own the process sees every user as the same nobody.
        report.separateUser = host.map(Self.isAnotherUsers) ?? false
        // Where the service manager lets nobody make namespaces, it has given one without a way out.
        report.networkNamespace = clinux_leave_network() == 0 || NetworkRoutes.leadNowhere
        // Set after the namespaces: a change of credentials takes both back.
        _ = clinux_refuse_dumps()
        clinux_die_with_parent()
    }

    /// The second half, when every thread is there and everything is read that has to be.
    /// - Parameters:
    ///   - anchor: the descriptor of the log's anchor, where there is one.
    ///   - door: the socket at which others than the host are turned away, where the enclave listens.
    mutating func close(anchor: Int32?, door: Int32? = nil) -> IsolationReport {
        report.noNewPrivileges = clinux_refuse_new_privileges() == 0
        report.notDumpable = clinux_refuse_dumps() == 0 && clinux_is_dumpable() == 0
        report.memoryLocked = clinux_lock_memory() == 0
        report.systemCallFilter = SystemCallFilter.close(anchor: anchor, door: door)
        return report
    }

    private static func isAnotherUsers(_ socket: Int32) -> Bool {
        var peer: uid_t = 0
        return countersign_peer_user(socket, &peer) == 0 && peer != geteuid()
    }
}
