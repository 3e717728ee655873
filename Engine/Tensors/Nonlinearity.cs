namespace Engine;

/// <summary>The function between a layer and the next, which decides the gain of the layer's initial weights.</summary>
public enum Nonlinearity
{
    /// <summary>None.</summary>
    Linear,

    /// <summary>The logistic function.</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>The rectifier max(0, x).</summary>
    Relu,

    /// <summary>The rectifier with a slope below 0.</summary>
    LeakyRelu,

    /// <summary>The scaled exponential linear unit.</summary>
    Selu,
}
