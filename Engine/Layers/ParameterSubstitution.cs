using System.Numerics;

namespace Engine;

/// <summary>
/// Tensors in place of a module's parameters, until it is disposed: the module as a function of its parameters (PyTorch's
/// <c>torch.func.functional_call</c>), for derivatives through steps of an optimizer.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ParameterSubstitution<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (Parameter<T> Parameter, Tensor<T>? Before)[] _replaced;

    internal ParameterSubstitution(IReadOnlyList<Parameter<T>> parameters, ReadOnlySpan<Tensor<T>> values)
    {
        if (values.Length != parameters.Count)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"Substitute: got {values.Length} tensors, expected one for each of {parameters.Count} parameters."),
                nameof(values));
        }
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Shape != parameters[i].Shape)
            {
                throw new ArgumentException(
                    $"Substitute: got the shape {values[i].Shape} for the parameter '{parameters[i].Name}', "
                        + $"expected {parameters[i].Shape}.",
                    nameof(values));
            }
        }
        _replaced = [.. parameters.Select(static parameter => (parameter, parameter.Substitute))];
        for (int i = 0; i < values.Length; i++)
        {
            parameters[i].Substitute = values[i];
        }
    }

    /// <summary>Puts the parameters back; a second time it does nothing more.</summary>
    public void Dispose()
    {
        foreach ((Parameter<T> parameter, Tensor<T>? before) in _replaced)
        {
            parameter.Substitute = before;
        }
    }
}
