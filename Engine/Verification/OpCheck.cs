using System.Globalization;

namespace Engine;

/// <summary>Checks of an operation, or of any function of tensors, in double precision.</summary>
public static class OpCheck
{
    /// <summary>
    /// The laws of every operation: its gradient is that of differences, and so is the gradient of its gradient; and an input that is used
    /// twice gets both contributions.
    /// </summary>
    /// <param name="function">The function; it is called many times and must be deterministic.</param>
    /// <param name="inputs">The inputs, at values where the function is smooth.</param>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    /// <exception cref="InvalidOperationException">
    /// The function is not deterministic, or its output does not depend on an input.
    /// </exception>
    public static CheckReport Laws(
        Func<IReadOnlyList<Tensor<double>>, Tensor<double>> function, params IReadOnlyList<Tensor<double>> inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
        {
            throw new ArgumentException("OpCheck: got no inputs, expected at least one.", nameof(inputs));
        }
        Parameter<double>[] parameters = [.. inputs.Select(static (input, i) => new Parameter<double>(
            string.Create(CultureInfo.InvariantCulture, $"input {i + 1}"), input))];
        return new(
        [
            Differences("the gradient is that of differences", parameters, () => function(Values(parameters))),
            Differences("the gradient of the gradient is that of differences", parameters, () => Gradients(function, parameters)),
            UsedTwice(function, parameters),
        ]);
    }

    private static Tensor<double>[] Values(Parameter<double>[] parameters) => [.. parameters.Select(static parameter => parameter.Value)];

    private static LawResult Differences(string law, Parameter<double>[] parameters, Func<Tensor<double>> function)
    {
        GradCheckReport report = GradCheck.Run(function, parameters);
        return new(law, report.Passed, report.Passed ? "" : report.ToString());
    }

    /// <summary>Σ over the inputs of the sum of cos(gradient), which no gradient but 0 makes constant.</summary>
    private static Tensor<double> Gradients(
        Func<IReadOnlyList<Tensor<double>>, Tensor<double>> function, Parameter<double>[] parameters)
    {
        Tensor<double>[] values = Values(parameters);
        Tensor<double> output = function(values);
        if (Tape<double>.Current is not { IsRecordingHere: true } tape)
        {
            // outside the recording GradCheck wants the value alone
            Tape<double> own = new();
            using (own.Record())
            {
                return Sum(own, function(values), values).Clone();
            }
        }
        return Sum(tape, output, values);

        static Tensor<double> Sum(Tape<double> tape, Tensor<double> output, Tensor<double>[] values)
        {
            // also where the gradients are constant, as those of linear functions, the sum is recorded
            Tensor<double> total = Tensor<double>.From(0);
            foreach (Tensor<double> value in values)
            {
                total += (0 * value).Sum();
            }
            foreach (Tensor<double> gradient in tape.Gradients(output, values, Tensor<double>.Full(output.Shape, 0.7)))
            {
                total += gradient.Cos().Sum();
            }
            return total;
        }
    }

    private static LawResult UsedTwice(
        Func<IReadOnlyList<Tensor<double>>, Tensor<double>> function, Parameter<double>[] parameters)
    {
        const string law = "an input that is used twice gets both contributions";
        double[] once = Backward(parameters, () => function(Values(parameters)).Sum());
        double[] twice = Backward(parameters, () => (function(Values(parameters)) + function(Values(parameters))).Sum());
        for (int i = 0; i < once.Length; i++)
        {
            if (!(Math.Abs(twice[i] - 2 * once[i]) <= 1e-12 * Math.Abs(once[i])))
            {
                return new(law, false, string.Create(
                    CultureInfo.InvariantCulture, $"derivative {i + 1}: got {twice[i]:R}, expected {2 * once[i]:R}"));
            }
        }
        return new(law, true, "");
    }

    private static double[] Backward(Parameter<double>[] parameters, Func<Tensor<double>> loss)
    {
        Tape<double> tape = new();
        Array.ForEach(parameters, static parameter => parameter.ClearGradient());
        using (tape.Record())
        {
            tape.Backward(loss());
        }
        return [.. parameters.SelectMany(static parameter =>
            parameter.HasGradient ? parameter.Gradient.ToArray() : new double[parameter.Shape.Length])];
    }
}
