import Glibc
import Logging

/// The number of descriptors that the process may open.
enum DescriptorLimit {
    /// For listeners, log, database and what else a process has open beside its connections.
    private static let reserve: rlim_t = 256

    /// Raises the soft limit, if the hard limit allows it, so that all connections have a descriptor each.
    static func raise(for connections: Int, logger: Logger) {
        let needed = rlim_t(connections + OpenConnections.maximumRefused(of: connections)) + reserve
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < needed else {
            return
        }
        limit.rlim_cur = min(needed, limit.rlim_max)
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        if !isRaised || limit.rlim_cur < needed {
            logger.warning(
                "fewer descriptors than connections: raise the hard limit (ulimit -Hn)",
                metadata: ["allowed": "\(limit.rlim_max)", "needed": "\(needed)"])
        }
    }
}
