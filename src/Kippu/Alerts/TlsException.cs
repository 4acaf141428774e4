using Kippu.Alerts;

namespace Kippu;

/// <summary>A TLS connection failed. <see cref="Fault"/> is the reason, <see cref="Alert"/> the alert that was sent to the peer or came from it.</summary>
/// <remarks>
/// <para>It derives from <see cref="IOException"/>, as every failure of a <see cref="Stream"/> does; also where <see cref="System.Net.Security.SslStream"/> throws an
/// <see cref="System.Security.Authentication.AuthenticationException"/>: a <c>catch</c> of that one, in code that was written for it, catches nothing here.</para>
/// <para>It never holds a secret.</para>
/// </remarks>
public sealed class TlsException : IOException
{
    internal TlsException(TlsFaultException fault)
        : this(fault.Fault, fault.PeerAlert ?? FaultAlerts.AlertFor(fault.Fault), fault.Message, fault.InnerException)
    {
    }

    internal TlsException(TlsFault fault, AlertDescription? alert, string message, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        Alert = alert;
    }

    /// <summary>The reason, from the closed list.</summary>
    public TlsFault Fault { get; }

    /// <summary>
    /// The alert that goes with the reason: for <see cref="TlsFault.PeerAlert"/> the one that the peer sent, otherwise the one that this side sends;
    /// null if none is sent (the peer is gone).
    /// </summary>
    public AlertDescription? Alert { get; }

    /// <summary>True if the peer ended the connection with its own alert.</summary>
    public bool IsPeerAlert => Fault == TlsFault.PeerAlert;
}
