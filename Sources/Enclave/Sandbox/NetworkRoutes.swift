import Glibc

/// What the kernel tells of the ways out of this process's network (proc_net(5)).
enum NetworkRoutes {
    /// Whether every route ends on the loopback device. False too where the kernel does not tell.
    static var leadNowhere: Bool {
        guard let old = text("route"), let new = text("ipv6_route", orAbsent: "") else { return false }
        return leadNowhere(ipv4: old, ipv6: new)
    }

    /// - Parameters:
    ///   - ipv4: a headline, then a line for each route that begins with its device.
    ///   - ipv6: a line for each route that ends with its device.
    static func leadNowhere(ipv4: String, ipv6: String) -> Bool {
        ipv4.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("lo\t") }
            && ipv6.split(separator: "\n").allSatisfy { $0.hasSuffix(" lo") }
    }

    /// - Parameter absent: what a file that is not there says; without IPv6 there is none about it.
    private static func text(_ name: String, orAbsent absent: String? = nil) -> String? {
        do throws(SettingsFileError) {
            return String(decoding: try SettingsFile(name, in: "/proc/self/net").bytes(limit: 65536), as: UTF8.self)
        } catch {
            if case .notReadable(ENOENT) = error { return absent }
            return nil
        }
    }
}
