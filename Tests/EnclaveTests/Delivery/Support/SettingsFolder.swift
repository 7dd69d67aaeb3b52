import Configuration
import Foundation

@testable import Enclave

/// A folder with an `enclave.yaml` and the files that it names.
struct SettingsFolder {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    var path: String { folder.url.appending(path: "enclave.yaml").path }

    func write(_ text: String, to name: String = "enclave.yaml") throws {
        try Data(text.utf8).write(to: folder.url.appending(path: name))
    }

    func settings(_ text: String) throws -> EnclaveSettings {
        try write(text)
        return try EnclaveSettings(configurationFile: path)
    }

    /// The error without the folder's name.
    func refusal(of text: String) -> String {
        do {
            _ = try settings(text)
            return "accepted"
        } catch {
            return "\(error)".replacingOccurrences(of: folder.url.path + "/", with: "")
        }
    }
}
