using System.Numerics;

namespace Engine;

/// <summary>
/// Where a run writes what it measures. Calls may come from any thread; they copy what they are given and return without waiting for a
/// disk. What goes wrong in writing is thrown by the next call, or at the latest by <see cref="IDisposable.Dispose"/>.
/// </summary>
/// <remarks>
/// A tag names what is measured, with slashes between groups and names, as in <c>loss/validation</c>; it is not empty. A step says when,
/// as a rule in updates made; the steps of a tag do not decrease.
/// </remarks>
public interface IRunLog : IDisposable
{
    /// <summary>Logs a number.</summary>
    /// <param name="tag">What it measures.</param>
    /// <param name="value">The number, which may be NaN or infinite.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    void Scalar(string tag, double value, long step);

    /// <summary>Logs the distribution of some numbers.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tag">What they are.</param>
    /// <param name="values">The numbers, at least one; those that are not finite are left out.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty, or there are no numbers.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    void Histogram<T>(string tag, ReadOnlySpan<T> values, long step) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Logs a picture.</summary>
    /// <param name="tag">What it shows.</param>
    /// <param name="image">The picture.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    void Image(string tag, LogImage image, long step);

    /// <summary>Logs a text.</summary>
    /// <param name="tag">What it is about.</param>
    /// <param name="text">The text; TensorBoard reads it as Markdown.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    void Text(string tag, string text, long step);

    /// <summary>Logs the hyperparameters of the run, once and before it begins.</summary>
    /// <param name="values">The hyperparameters by name; no name is empty.</param>
    /// <param name="metrics">The tags of the scalars by which runs with different hyperparameters are compared.</param>
    /// <exception cref="ArgumentException">A name or a tag is empty.</exception>
    /// <exception cref="InvalidOperationException">They have been logged already.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    void Hyperparameters(IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics);

    /// <summary>Waits until everything is written and handed to the operating system.</summary>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    void Flush();
}
