using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kippu.AspNetCore.Certificates;

/// <summary>
/// The certificates of files, looked at again and again. They are looked at by content, so a renamed folder or link is seen as well as a file that was written anew; and a set that
/// cannot be loaded, as between the writing of a certificate and that of its key, leaves the old one in force until it can.
/// </summary>
internal sealed class CertificateWatch : IDisposable
{
    /// <summary>How soon a change is seen.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<CertificateFile> _files;
    private readonly string _root;
    private readonly string _where;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private volatile CertificateSet _current;
    private volatile bool _keepsOld;
    private string _seen;

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The certificates cannot be loaded: at the start there is nothing to keep.</exception>
    public CertificateWatch(IReadOnlyList<CertificateFile> files, string root, string where, TimeProvider time, ILogger log)
    {
        _files = files;
        _root = root;
        _where = where;
        _log = log;
        try
        {
            (_current, _seen) = Load(seen: null)!.Value;
        }
        catch (Exception reason)
        {
            throw ConfiguredValue.Refused($"{where}: {reason.Message}");
        }

        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    public CertificateSet Current => _current;

    /// <summary>True while the files hold what cannot be used, and an earlier set is in force.</summary>
    public bool KeepsOld => _keepsOld;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (Load(_seen) is var (set, digest))
            {
                (_current, _seen) = (set, digest);
                KippuLog.CertificatesTaken(_log, _where, string.Join(", ", set.Credentials.Select(credential => credential.Leaf.Thumbprint)));
            }

            _keepsOld = false;
        }
        catch (Exception reason)
        {
            // Said once, not every ten seconds.
            if (!_keepsOld)
            {
                KippuLog.CertificatesKept(_log, _where, reason.Message);
            }

            _keepsOld = true;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Null if the files hold what was seen before.</summary>
    private (CertificateSet Set, string Digest)? Load(string? seen)
    {
        FileContent[] contents = [.. _files.Select(file => new FileContent(file, _root))];
        try
        {
            var digest = string.Concat(contents.Select(content => content.Digest()));
            return digest == seen ? null : (CertificateSet.Load(contents), digest);
        }
        finally
        {
            foreach (var content in contents)
            {
                content.Clear();
            }
        }
    }
}
