using System.Numerics;

namespace Engine;

/// <summary>The distribution of the initial values of a parameter of a given shape.</summary>
/// <param name="shape">The parameter's shape; a weight is [outputs, inputs, …], as PyTorch has it.</param>
public delegate Distribution Initializer(Shape shape);

/// <summary>
/// Initial values of weights. With fanIn = inputs · (product of the further axes) and fanOut = outputs · (the same product), a weight's
/// variance is chosen so that signals (fanIn), gradients (fanOut) or both about alike keep their size from layer to layer.
/// </summary>
public static class Initializers
{
    /// <summary>
    /// He, for ReLU: uniform on ±√(6/fan) with the gain √2, in general on ±gain·√(3/fan); variance gain²/fan (He, Zhang, Ren, Sun: Delving
    /// deep into rectifiers, 2015).
    /// </summary>
    /// <param name="gain">√2 for ReLU; 1 for a layer without activation.</param>
    /// <param name="fanOut">Whether fan is fanOut, which keeps gradients, instead of fanIn, which keeps signals.</param>
    public static Initializer HeUniform(double? gain = null, bool fanOut = false) =>
        shape => Symmetric(3 * SquareOrTwo(gain) / Fan(shape, fanOut, nameof(HeUniform)));

    /// <summary>He, for ReLU: normal with mean 0 and variance 2/fan with the gain √2, in general gain²/fan.</summary>
    /// <param name="gain">√2 for ReLU; 1 for a layer without activation.</param>
    /// <param name="fanOut">Whether fan is fanOut instead of fanIn.</param>
    public static Initializer HeNormal(double? gain = null, bool fanOut = false) =>
        shape => Centered(SquareOrTwo(gain) / Fan(shape, fanOut, nameof(HeNormal)));

    /// <summary>
    /// Xavier, for tanh: uniform on ±gain·√(6/(fanIn + fanOut)) (Glorot, Bengio: Understanding the difficulty of training deep feedforward
    /// neural networks, 2010).
    /// </summary>
    /// <param name="gain">1; 5/3 is often taken before tanh.</param>
    public static Initializer XavierUniform(double gain = 1) => shape => Symmetric(6 * gain * gain / Fans(shape, nameof(XavierUniform)));

    /// <summary>Xavier, for tanh: normal with mean 0 and variance 2·gain²/(fanIn + fanOut).</summary>
    /// <param name="gain">1; 5/3 is often taken before tanh.</param>
    public static Initializer XavierNormal(double gain = 1) => shape => Centered(2 * gain * gain / Fans(shape, nameof(XavierNormal)));

    /// <summary>Uniform on [low, high), for any shape.</summary>
    public static Initializer Uniform(double low, double high)
    {
        Distribution distribution = Distribution.Uniform(low, high);
        return _ => distribution;
    }

    /// <summary>Normal, for any shape.</summary>
    public static Initializer Normal(double mean, double standardDeviation)
    {
        Distribution distribution = Distribution.Normal(mean, standardDeviation);
        return _ => distribution;
    }

    /// <summary>All elements <paramref name="value"/>.</summary>
    public static Initializer Constant(double value) => _ => Distribution.Constant(value);

    /// <summary>A tensor with random elements from an initializer: element i is computed from the key's number i.</summary>
    /// <exception cref="ArgumentException">The initializer needs a fan and the shape has fewer than two dimensions.</exception>
    public static Tensor<T> Create<T>(this Initializer initializer, in Shape shape, RandomKey key)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initializer);
        return Tensor<T>.Random(shape, key, initializer(shape));
    }

    /// <summary>The number of inputs that each output of a weight [outputs, inputs, …] is computed from.</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two dimensions.</exception>
    public static int FanIn(Shape shape) => Fan(shape, fanOut: false, nameof(FanIn));

    /// <summary>The number of outputs that each input of a weight [outputs, inputs, …] contributes to.</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two dimensions.</exception>
    public static int FanOut(Shape shape) => Fan(shape, fanOut: true, nameof(FanOut));

    private static double Fans(in Shape shape, string operation) => (double)Fan(shape, false, operation) + Fan(shape, true, operation);

    private static int Fan(in Shape shape, bool fanOut, string operation)
    {
        if (shape.Rank < 2)
        {
            throw new ArgumentException(
                $"{operation}: got the shape {shape}, expected at least two dimensions [outputs, inputs, …]: fewer have no fan.",
                nameof(shape));
        }
        long fan = (long)shape[fanOut ? 0 : 1] * shape.ElementCount(2, shape.Rank);
        return fan > int.MaxValue ? 0 : (int)fan; // only a weight without elements can have it
    }

    // squared, the machine's √2 is not 2
    private static double SquareOrTwo(double? gain) => gain is { } factor ? factor * factor : 2;

    private static Distribution Symmetric(double squaredBound)
    {
        double bound = Math.Sqrt(FiniteOrZero(squaredBound));
        return Distribution.Uniform(-bound, bound);
    }

    private static Distribution Centered(double variance) => Distribution.Normal(0, Math.Sqrt(FiniteOrZero(variance)));

    // a fan of zero belongs to a weight without elements
    private static double FiniteOrZero(double value) => double.IsPositiveInfinity(value) ? 0 : value;
}
