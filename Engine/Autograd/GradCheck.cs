using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Compares the tape's gradients with central differences in double precision. The function is Σ wᵢ·outputᵢ with fixed pseudo-random
/// weights wᵢ, so that one backward pass checks an output of any shape, and an operation that forgets to multiply by the output's gradient
/// is found.
/// </summary>
public static class GradCheck
{
    /// <summary>
    /// Checks every element of every parameter, or random directions where a parameter has very many. Values and gradients of the
    /// parameters are restored afterwards.
    /// </summary>
    /// <param name="function">
    /// Computes the output from the values of the parameters; it is called many times and must be deterministic.
    /// </param>
    /// <param name="parameters">
    /// The parameters to differentiate with respect to: all that the function reads, at values where it is smooth.
    /// </param>
    /// <param name="options">Step size, tolerances and limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The output does not depend on a parameter, or its shape is not the same each time.
    /// </exception>
    public static GradCheckReport Run(
        Func<Tensor<double>> function, IReadOnlyList<Parameter<double>> parameters, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
        {
            throw new ArgumentException("GradCheck: got no parameters, expected at least one.", nameof(parameters));
        }
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i] is null)
            {
                throw new ArgumentException(
                    $"GradCheck: got a null at position {i} of the parameters, expected a parameter.", nameof(parameters));
            }
        }
        double[]?[] gradients = [.. parameters.Select(static p => p.HasGradient ? p.Gradient.ToArray() : null)];
        double[][] values = [.. parameters.Select(static p => p.Value.ToArray())];
        int[] versions = [.. parameters.Select(static p => p.Value.Buffer.Version)];
        try
        {
            return new Check(function, parameters, options ?? new GradCheckOptions()).Run();
        }
        finally
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                // a recording around the check has read this value, and still can
                values[i].CopyTo(parameters[i].Value.Output);
                parameters[i].Value.Buffer.Version = versions[i];
                parameters[i].ClearGradient();
                if (gradients[i] is { } gradient)
                {
                    parameters[i].SetGradient(Tensor<double>.From(gradient, parameters[i].Shape));
                }
            }
        }
    }

    /// <summary>As <see cref="Run"/>, but throws where the gradients differ.</summary>
    /// <exception cref="InvalidOperationException">A gradient is wrong; the message names the element and both numbers.</exception>
    public static GradCheckReport Assert(
        Func<Tensor<double>> function, IReadOnlyList<Parameter<double>> parameters, GradCheckOptions? options = null)
    {
        GradCheckReport report = Run(function, parameters, options);
        return report.Passed ? report : throw new InvalidOperationException(report.ToString());
    }

    /// <summary>One run: its tape, its weights, and the worst element so far.</summary>
    private sealed class Check(Func<Tensor<double>> function, IReadOnlyList<Parameter<double>> parameters, GradCheckOptions options)
    {
        private readonly Tape<double> _tape = new();
        private Tensor<double>? _weights;
        private GradCheckReport _worst = new(true, 0, "", 0, false, 0, 0, 0);
        private double _worstExcess = -1;

        public GradCheckReport Run()
        {
            double[][] analytic = Gradients();
            double[][] again = Gradients();
            for (int i = 0; i < parameters.Count; i++)
            {
                for (int j = 0; j < analytic[i].Length; j++)
                {
                    if (BitConverter.DoubleToInt64Bits(analytic[i][j]) != BitConverter.DoubleToInt64Bits(again[i][j]))
                    {
                        throw new InvalidOperationException(
                            string.Create(
                                System.Globalization.CultureInfo.InvariantCulture,
                                $"GradCheck: two backward passes gave {analytic[i][j]} and {again[i][j]} for element {j} of "
                                    + $"'{parameters[i].Name}', expected the same: the function is not deterministic."));
                    }
                }
            }
            for (int i = 0; i < parameters.Count; i++)
            {
                if (analytic[i].Length <= options.MaxElements)
                {
                    Elements(parameters[i], analytic[i]);
                }
                else
                {
                    Directions(parameters[i], analytic[i]);
                }
            }
            return _worst;
        }

        private double[][] Gradients()
        {
            foreach (Parameter<double> parameter in parameters)
            {
                parameter.ClearGradient();
            }
            using (_tape.Record())
            {
                Tensor<double> output = function();
                _weights ??= Weights(output.Shape);
                _tape.Backward(output, _weights.Value);
            }
            return [.. parameters.Select(static p => p.HasGradient ? p.Gradient.ToArray() : new double[p.Shape.Length])];
        }

        private void Elements(Parameter<double> parameter, double[] analytic)
        {
            for (int j = 0; j < analytic.Length; j++)
            {
                double x = parameter.Value.Span[j], h = options.Step * Math.Max(1, Math.Abs(x));
                double right = x + h, left = x - h;
                parameter.Value.Output[j] = right;
                double[] upper = Outputs();
                parameter.Value.Output[j] = left;
                double[] lower = Outputs();
                parameter.Value.Output[j] = x;
                Compare(
                    parameter, j, isDirection: false, analytic[j], Difference(upper, lower) / (right - left)); // the step after rounding
            }
        }

        private void Directions(Parameter<double> parameter, double[] analytic)
        {
            double[] x = parameter.Value.ToArray();
            for (int d = 0; d < options.Directions; d++)
            {
                double slope = 0;
                double[] upper = At(+1), lower = At(-1);
                x.CopyTo(parameter.Value.Output);
                for (int j = 0; j < x.Length; j++)
                {
                    slope += Direction(d, j) * analytic[j];
                }
                Compare(parameter, d, isDirection: true, slope, Difference(upper, lower) / (2 * options.Step));

                double[] At(int side)
                {
                    for (int j = 0; j < x.Length; j++)
                    {
                        parameter.Value.Output[j] = x[j] + side * options.Step * Direction(d, j);
                    }
                    return Outputs();
                }
            }
        }

        private double[] Outputs()
        {
            using (_tape.Record())
            {
                Tensor<double> output = function();
                return output.Shape == _weights!.Value.Shape
                    ? output.ToArray()
                    : throw new InvalidOperationException(
                        $"GradCheck: the output's shape was {_weights.Value.Shape} and is {output.Shape} now, expected the same each "
                            + "time.");
            }
        }

        /// <summary>Σ wᵢ(aᵢ − bᵢ): differences first, which keeps the digits that a difference of sums would lose.</summary>
        private double Difference(double[] a, double[] b)
        {
            double[] difference = new double[a.Length];
            TensorPrimitives.Subtract<double>(a, b, difference);
            return Reduction.Dot<double>(_weights!.Value.Span, difference);
        }

        private void Compare(Parameter<double> parameter, int index, bool isDirection, double analytic, double numeric)
        {
            double error = Math.Abs(analytic - numeric),
                allowed = options.AbsoluteTolerance + options.RelativeTolerance * Math.Abs(numeric);
            bool isClose = double.IsFinite(error) && error <= allowed;
            double excess = double.IsFinite(error) ? error / allowed : double.PositiveInfinity;
            bool passed = _worst.Passed && isClose;
            int count = _worst.Compared + 1;
            if (excess > _worstExcess)
            {
                _worstExcess = excess;
                double relative = error == 0 ? 0 : error / Math.Max(Math.Abs(analytic), Math.Abs(numeric));
                _worst = new GradCheckReport(passed, count, parameter.Name, index, isDirection, analytic, numeric, relative);
            }
            else
            {
                _worst = _worst with { Passed = passed, Compared = count };
            }
        }

        /// <summary>From ½ to 1, with either sign, so that every element counts and none dominates.</summary>
        private static Tensor<double> Weights(in Shape shape)
        {
            Tensor<double> weights = Tensor<double>.Uninitialized(shape);
            for (int i = 0; i < weights.Length; i++)
            {
                ulong bits = Scramble((ulong)i);
                double magnitude = 0.5 + (bits >> 12) * (1.0 / (1UL << 53));
                weights.Output[i] = (bits & 1) == 0 ? magnitude : -magnitude;
            }
            return weights;
        }

        /// <summary>+1 or −1.</summary>
        private static int Direction(int direction, int element) =>
            (Scramble(((ulong)(uint)(direction + 1) << 32) + (uint)element) & 1) == 0 ? 1 : -1;

        /// <summary>The output function of SplitMix64 (Steele, Lea, Flood 2014).</summary>
        private static ulong Scramble(ulong index)
        {
            ulong z = (index + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }
}
