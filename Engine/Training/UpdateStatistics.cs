using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// Measures gradients, values and updates of each parameter around a step: <c>using (statistics.Measure()) { optimizer.Step(); }</c>. It
/// keeps a copy of all parameters, and reads gradients and values once more.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class UpdateStatistics<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] _parameters;
    private readonly T[][] _before;
    private readonly ParameterStatistics[] _rows;
    private long _measurement;

    /// <summary>Creates statistics of these parameters.</summary>
    /// <param name="parameters">The parameters, in the order of the layers.</param>
    public UpdateStatistics(IEnumerable<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        foreach (Parameter<T> parameter in _parameters)
        {
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        }
        _before = [.. _parameters.Select(static parameter => new T[parameter.Shape.Length])];
        _rows = [.. _parameters.Select(
            static parameter => new ParameterStatistics(parameter.Name, parameter.Shape, double.NaN, double.NaN, double.NaN))];
    }

    /// <summary>A row for each parameter, of the last update that was measured; NaN before the first.</summary>
    public IReadOnlyList<ParameterStatistics> Rows => _rows;

    /// <summary>Measures what happens until the result is disposed: one update, with the gradients that are there now.</summary>
    public Measurement Measure()
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter<T> parameter = _parameters[i];
            parameter.Value.Span.CopyTo(_before[i]);
            _rows[i] = _rows[i] with
            {
                GradientNorm = parameter.HasGradient ? Vectors.Norm(parameter.Gradient.Span) : double.NaN,
                ValueNorm = Vectors.Norm<T>(_before[i]),
            };
        }
        return new Measurement(this, ++_measurement);
    }

    private void Complete(long number)
    {
        if (number != _measurement)
        {
            return; // disposed before
        }
        _measurement++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            TensorPrimitives.Subtract(_parameters[i].Value.Span, _before[i], _before[i]);
            _rows[i] = _rows[i] with { UpdateNorm = Vectors.Norm<T>(_before[i]) };
        }
    }

    /// <summary>A measurement in progress.</summary>
    public readonly struct Measurement : IDisposable
    {
        private readonly UpdateStatistics<T>? _statistics;

        private readonly long _number;

        internal Measurement(UpdateStatistics<T> statistics, long number) => (_statistics, _number) = (statistics, number);

        /// <summary>Ends the measurement; disposing it again does nothing.</summary>
        public void Dispose() => _statistics?.Complete(_number);
    }
}
