namespace Kippu.Handshake;

/// <summary>Passes a secret on to its next owner, who disposes it from then on.</summary>
internal static class Secrets
{
    public static T Take<T>(ref T? secret)
        where T : class
    {
        var taken = secret ?? throw new InvalidOperationException("the secret was taken already, or has not been derived");
        secret = null;
        return taken;
    }
}
