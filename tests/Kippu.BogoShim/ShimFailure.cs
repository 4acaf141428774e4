namespace Kippu.BogoShim;

/// <summary>The connection failed, or was not what the test expects.</summary>
internal sealed class ShimFailure(string message) : Exception(message)
{
    /// <summary>
    /// The name of the fault between colons, as BoringSSL's errors have it, then the text. <c>config.json</c> maps the runner's names to ours.
    /// </summary>
    public static ShimFailure Of(TlsException reason) => new(reason.IsPeerAlert
        ? $":PeerAlert:{reason.Alert}: {reason.Message}"
        : $":{reason.Fault}: {reason.Message}");
}
