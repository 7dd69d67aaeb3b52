import Glibc
import Testing

@testable import Enclave

@Suite("the master key's file")
struct MasterKeyFileTests {
    private let built: BuiltEnclave
    private let file: MasterKeyFile

    init() throws {
        built = try BuiltEnclave()
        file = MasterKeyFile(dataDirectory: built.dataDirectory)
    }

    @Test("it is made once, for its owner only, and reads back as the same key")
    func made() throws {
        var information = stat()
        try #require(stat(file.path, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
        let derived = try file.read().deriveKey("test").withUnsafeBytes { Array($0) }
        #expect(try file.read().deriveKey("test").withUnsafeBytes { Array($0) } == derived)
        #expect(throws: MasterKeyError(.alreadyExists, path: file.path)) { try file.create() }
        #expect(try file.read().deriveKey("test").withUnsafeBytes { Array($0) } == derived)
    }

    @Test("a key that others may read is refused", arguments: [0o640, 0o604, 0o660, 0o620] as [mode_t])
    func loose(mode: mode_t) {
        chmod(file.path, mode)
        #expect(throws: MasterKeyError(.loosePermissions, path: file.path)) { try file.read() }
    }

    @Test("anything but the two lines is refused, and the refusal shows nothing of it", arguments: 0..<8)
    func malformed(form: Int) throws {
        let digits = String(repeating: "5a", count: 32)
        let title = MasterKeyFile.title
        let contents = [
            "", digits, "\(title)\n", "\(title)\n\(digits)", "\(title)\n\(digits)5a\n",
            "\(title)\n\(digits.dropLast(2))\n",
            "\(title)\n\(digits.dropLast(1))g\n", "another title\n\(digits)\n",
        ]
        let descriptor = open(file.path, O_WRONLY | O_TRUNC)
        let bytes = Array(contents[form].utf8)
        write(descriptor, bytes, bytes.count)
        close(descriptor)
        let error = #expect(throws: MasterKeyError(.malformed, path: file.path)) { try file.read() }
        #expect(error?.description.contains("5a5a") == false)
    }

    @Test("a missing key says how to make one; a symbolic link is not followed")
    func missing() throws {
        unlink(file.path)
        let error = #expect(throws: MasterKeyError(.missing, path: file.path)) { try file.read() }
        #expect(error?.description.contains("create-master-key") == true)
        symlink("/etc/hostname", file.path)
        #expect(throws: MasterKeyError(.unreadable, path: file.path)) { try file.read() }
        #expect(throws: MasterKeyError(.alreadyExists, path: file.path)) { try file.create() }
    }

    @Test("the program makes it, and says where it went wrong with exit code 78")
    func program() throws {
        let empty = try BuiltEnclave(masterKey: false)
        let make = ["create-master-key", "--data", empty.dataDirectory]
        #expect(try BuiltEnclave.run(make).code == 0)
        _ = try MasterKeyFile(dataDirectory: empty.dataDirectory).read()
        let again = try BuiltEnclave.run(make)
        #expect(again.code == 78 && again.output.contains("never overwritten"))
    }
}
