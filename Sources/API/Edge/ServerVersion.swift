/// The server's version, the command's too.
public enum ServerVersion {
    public static let current = "0.1.0"
}
