using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// The first number of a training step that is not finite, and where it came from; thrown by a tape whose
/// <see cref="Tape{T}.DetectsNonFinite"/> is on, and by an optimizer with the property of the same name.
/// </summary>
public sealed class NonFiniteValueException : ArithmeticException
{
    internal NonFiniteValueException(
        NonFinitePhase phase, string operation, string target, int element, double value, string inputs, CallSite site)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"{operation}: got {value} in element {element} of {target}, expected a finite number; {inputs}. Called from {site}."))
    {
        (Phase, Operation, Target, Element, Value, Site) = (phase, operation, target, element, value, site);
    }

    /// <summary>The index of the first element that is not finite.</summary>
    internal static int FirstIn<T>(ReadOnlySpan<T> elements) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int element = 0;
        while (T.IsFinite(elements[element]))
        {
            element++;
        }
        return element;
    }

    /// <summary>Whether it appeared in the forward pass, in the backward pass or in the update.</summary>
    public NonFinitePhase Phase { get; }

    /// <summary>The operation, or the rule of the update.</summary>
    public string Operation { get; }

    /// <summary>What the number is in: the result, the gradient of an input, or a parameter.</summary>
    public string Target { get; }

    /// <summary>The index of the element, in row-major order.</summary>
    public int Element { get; }

    /// <summary>NaN, ∞ or −∞.</summary>
    public double Value { get; }

    /// <summary>The line of the program, outside the engine, that called the operation or the step.</summary>
    public CallSite Site { get; }
}
