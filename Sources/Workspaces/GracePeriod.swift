/// How long something works on after what takes its place was made, in seconds.
public enum GracePeriod {
    /// A day.
    public static let usual = 86_400
    /// A week at most; 0 ends it at once.
    public static let allowed = 0...604_800
}
