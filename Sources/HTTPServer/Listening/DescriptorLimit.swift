import Glibc
import Logging

/// The number of descriptors that the process may open.
enum DescriptorLimit {
    /// For listeners, log, database and what else a process has open beside its connections.
    private static let reserve = 256

    /// Raises the soft limit as far as the hard limit allows, and tells how many of the wanted connections have a
    /// descriptor each, those that are being refused included: a server that used up all of them could not even open a
    /// file any more.
    static func connections(wanted: Int, logger: Logger) -> Int {
        let needed = wanted + OpenConnections.maximumRefused(of: wanted) + reserve
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(needed) else { return wanted }
        let before = limit.rlim_cur
        limit.rlim_cur = min(rlim_t(needed), limit.rlim_max)
        let allowed = Int(clamping: setrlimit(resource, &limit) == 0 ? limit.rlim_cur : before)
        guard allowed < needed else { return wanted }
        let connections = max(1, (allowed - reserve - OpenConnections.maximumRefused(of: 0)) * 10 / 11)
        logger.warning(
            "fewer descriptors than connections: raise the hard limit (ulimit -Hn, LimitNOFILE= of systemd)",
            metadata: ["allowed": "\(allowed)", "needed": "\(needed)", "connections": "\(connections)"])
        return connections
    }
}
