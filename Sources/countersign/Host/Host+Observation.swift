import API
import AuditLog
import CLinux
import Glibc
import HTTPServer

extension Host {
    /// What `/metrics` and `/health` look up beside the rooms.
    func observation(_ traffic: Traffic, _ sequencer: LogSequencer) -> Observation {
        let began = ProcessReading.startTime
        return Observation(
            traffic: traffic, storage: { [database] in database.figures },
            files: { [directory] in FileFigures(of: directory) }, enclave: { [enclave] in enclave.figures },
            sequencing: { await sequencer.figures }, process: { ProcessReading.figures(startedAt: began) })
    }
}

extension FileFigures {
    /// Nil where the folder cannot be read.
    fileprivate init?(of directory: DataDirectory) {
        guard let free = directory.freeBytes else { return nil }
        self.init(free: free, database: Self.size(directory.database), log: Self.size(directory.database + "-wal"))
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
