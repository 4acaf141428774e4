namespace Kippu.InteropTests.Peers;

/// <summary>GnuTLS is told what it may use in one string.</summary>
internal static class GnuTlsPriority
{
    /// <summary>TLS 1.2 alone. Tickets are on unless the string says otherwise: gnutls-cli's own <c>--noticket</c> goes on offering them.</summary>
    public static string Tls12(bool tickets) => "NORMAL:-VERS-ALL:+VERS-TLS1.2" + (tickets ? "" : ":%NO_TICKETS");
}
