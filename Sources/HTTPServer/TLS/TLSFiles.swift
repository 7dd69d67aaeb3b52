import Glibc

/// Where a listener's certificate is.
public struct TLSFiles: Sendable, Equatable {
    /// PEM: the server's certificate first, then those that lead to its authority.
    public var certificate: String
    /// PEM: the private key of the first certificate, which not everybody may read.
    public var key: String
    /// PEM: the authorities whose certificates clients are asked for; nil where they are asked for none.
    public var clientAuthorities: String?

    public init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }

    /// What changes when a file is written or replaced.
    var marks: [FileMark] {
        [certificate, key, clientAuthorities].compactMap { $0.map(FileMark.init) }
    }
}

/// Tells one state of a file from another without reading it: its bytes, its mode, its owner.
struct FileMark: Equatable, Sendable {
    private var device: UInt64 = 0
    private var node: UInt64 = 0
    private var length: Int64 = 0
    private var seconds = 0
    private var nanoseconds = 0

    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        device = UInt64(status.st_dev)
        node = UInt64(status.st_ino)
        length = Int64(status.st_size)
        seconds = status.st_ctim.tv_sec
        nanoseconds = status.st_ctim.tv_nsec
    }
}
